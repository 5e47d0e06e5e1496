/** Every page of a resident has room for all that it says, in both languages. */
import { hasRoom, large, magnified, NARROW } from "../room";
import { expect, signIn, test } from "../stage";

const DESK = { width: 1280, height: 800 };
const PHONE = { width: 412, height: 839 };
// The same parts in other words: those of a screen at 200 % are further from its edges.
const LOOKS = { ru: [NARROW, magnified(DESK), large(PHONE)], en: [NARROW, large(PHONE)] };

const OUTSIDE = [
  "sign-in",
  "reset/no-such-token",
  "prove/no-such-token",
  "visits/no-such-token",
  "join/no-such-key",
];
const INSIDE = [
  "",
  "passes",
  "passes/new/guest",
  "passes/new/taxi",
  "passes/new/recurring",
  "passes/new/event",
  "journal",
  "journal/looked",
  "journal/kept",
  "household",
  "settings",
  "settings/me",
  "settings/told",
  "settings/passkeys",
  "settings/password",
  "settings/email",
  "settings/second-factor",
  "settings/telegram",
  "settings/sessions",
  "settings/consents",
  "settings/export",
  "settings/erase",
  "nowhere",
];

for (const language of ["ru", "en"] as const) {
  test(`nothing is cut: ${language}`, async ({ page, stage }) => {
    const walk = async (path: string) =>
      test.step(`/${path}`, async () => {
        await page.goto(`${stage.cloud}/${path}`);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        await expect(page.locator(".mantine-Loader-root")).toHaveCount(0);
        expect(await page.locator("html").getAttribute("lang")).toBe(language);
        await hasRoom(page, `${language}-${path.replaceAll("/", "-") || "gates"}`, LOOKS[language]);
      });
    await page.goto(`${stage.cloud}/sign-in`);
    await page.evaluate((language) => localStorage.setItem("language", language), language);
    for (const path of OUTSIDE) await walk(path);
    await signIn(page, stage, "resident");
    for (const path of INSIDE) await walk(path);
  });
}
