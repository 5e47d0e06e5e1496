/** Every place of the guard's screen has room for all that it says, in both languages. */
import { hasRoom, large, magnified, NARROW } from "../room";
import { expect, test } from "../stage";
import { place, takePost } from "./guard";

const SCREEN = { width: 1280, height: 800 };
const LOOKS = [NARROW, magnified(SCREEN), large(SCREEN)];

const PLACES = [
  ["Ворота", "Gates"],
  ["Посетитель", "Visitor"],
  ["По звонку", "By phone"],
  ["Кого ждут", "Expected"],
  ["Журнал", "Journal"],
  ["Дома", "Houses"],
  ["Смена", "Shift"],
] as const;

test("nothing is cut", async ({ page, stage }) => {
  await page.goto(stage.kiosk);
  await expect(page.getByRole("heading", { name: "Кто на посту?" })).toBeVisible();
  await hasRoom(page, "ru-sign-in", LOOKS);
  await page.getByRole("button", { name: "Пётр" }).tap();
  await hasRoom(page, "ru-pin", LOOKS);
  await takePost(page, stage);
  for (const [language, nth] of [
    ["ru", 0],
    ["en", 1],
  ] as const) {
    for (const names of PLACES) {
      const name = names[nth];
      await test.step(name, async () => {
        await place(page, name).tap();
        await expect(page.locator(".mantine-Loader-root")).toHaveCount(0);
        await hasRoom(page, `${language}-${names[1].toLowerCase().replace(" ", "-")}`, LOOKS);
      });
    }
    if (language === "ru") {
      await page.getByRole("button", { name: "English" }).tap();
      await expect(page.locator("html")).toHaveAttribute("lang", "en");
    }
  }
});
