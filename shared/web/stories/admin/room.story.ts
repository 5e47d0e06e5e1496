/** Every page of an administrator has room for all that it says, in both languages. */
import { hasRoom, large, magnified, NARROW } from "../room";
import { expect, signIn, test } from "../stage";
import { PAGES } from "./pages";

const DESK = { width: 1280, height: 800 };
// The same parts in other words: those of a screen at 200 % are further from its edges.
const LOOKS = { ru: [NARROW, magnified(DESK), large(DESK)], en: [NARROW, large(DESK)] };

for (const language of ["ru", "en"] as const) {
  test(`nothing is cut: ${language}`, async ({ page, stage }) => {
    const { application } = await stage.say(
      "apply Константин Александрович Преображенский-Рождественский 14",
    );
    await signIn(page, stage, "administrator");
    await page.evaluate((language) => localStorage.setItem("language", language), language);
    const people = [
      `houses/${stage.ready.houses["12"]}`,
      `people/${stage.ready.people.resident.id}`,
      `applications/${application}`,
    ];
    for (const path of [...PAGES, ...people]) {
      await test.step(`/admin/${path}`, async () => {
        await page.goto(`${stage.cloud}/admin/${path}`);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        await expect(page.locator(".mantine-Loader-root")).toHaveCount(0);
        expect(await page.locator("html").getAttribute("lang")).toBe(language);
        await hasRoom(
          page,
          `${language}-${
            path
              .split("/")
              .join("-")
              .replace(/-[0-9A-Za-z]{20,}/, "-one") || "inbox"
          }`,
          LOOKS[language],
        );
      });
    }
  });
}
