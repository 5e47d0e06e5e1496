import { expect, test } from "vitest";
import { leads } from "./links";

const ORIGIN = "https://gate.example";
const to = (href: string, framed = false) => leads(href, ORIGIN, framed);

test("links of the page lead on in it", () => {
  for (const href of ["/passes", `${ORIGIN}/settings`, "#main", "tel:+79000000000", "mailto:a@b.example"])
    expect(to(href)).toEqual({ to: "here" });
});

test("Telegram opens what is its own, and the browser the rest", () => {
  expect(to("https://t.me/sosnovka_bot?start=k-7")).toEqual({
    to: "telegram",
    path: "/sosnovka_bot?start=k-7",
  });
  expect(to("https://t.me.evil.example/x")).toEqual({ to: "browser", url: "https://t.me.evil.example/x" });
  expect(to("http://gate.example/passes")).toEqual({ to: "browser", url: "http://gate.example/passes" });
});

test("the administrator's page stands in no frame", () => {
  expect(to("/admin/", true)).toEqual({ to: "browser", url: `${ORIGIN}/admin/` });
  expect(to("/admin/")).toEqual({ to: "here" });
  expect(to("/administer", true)).toEqual({ to: "here" });
});
