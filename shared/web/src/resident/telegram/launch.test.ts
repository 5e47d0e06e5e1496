import { expect, test } from "vitest";
import { isAround, launchOf } from "./launch";

const theme = { bg_color: "#17212b", text_color: "#f5f5f5" };
const fragment = (part: Record<string, string> = {}) =>
  `#${new URLSearchParams({
    tgWebAppData: "query_id=AAE&user=%7B%22id%22%3A7%7D&auth_date=1&hash=ab",
    tgWebAppVersion: "9.1",
    tgWebAppPlatform: "android",
    tgWebAppThemeParams: JSON.stringify(theme),
    ...part,
  })}`;

test("what Telegram says is read as it was signed", () => {
  expect(launchOf(fragment())).toEqual({
    data: "query_id=AAE&user=%7B%22id%22%3A7%7D&auth_date=1&hash=ab",
    theme,
  });
});

test("who is not told by Telegram is not within it", () => {
  for (const other of ["", "#", "#main", "#tgWebAppData=x"]) expect(launchOf(other)).toBeUndefined();
});

test("a browser that was sent a link is not within Telegram", () => {
  for (const browser of [{}, { external: {} }]) expect(isAround(browser)).toBe(false);
  expect(isAround({ TelegramWebviewProxy: { postEvent: () => {} } })).toBe(true);
  expect(isAround({ external: { notify: () => {} } })).toBe(true);
});

test("opened from a key that says nobody, and with colours that do not read", () => {
  expect(launchOf("#tgWebAppVersion=6.0")).toEqual({ data: "", theme: {} });
  for (const wrong of ["{", "null", "7"]) {
    expect(launchOf(fragment({ tgWebAppThemeParams: wrong }))?.theme).toEqual({});
  }
});
