/** The page on which a newcomer talks to the bot without Telegram, as `cargo xtask demo` shows it. */
import type { Page } from "@playwright/test";
import { expect, isOpenToAll, shot, test } from "../stage";

const PHONE = { width: 412, height: 839 };
const DESK = { width: 1280, height: 800 };

/** Open to all by day and by night, on a phone, a narrow one and a desk, without scrolling sideways; a picture of each. */
async function isSound(page: Page, name: string) {
  for (const [look, size, colorScheme] of [
    ["narrow", { width: 320, height: 700 }, "dark"],
    ["desk", DESK, "light"],
    ["phone", PHONE, "light"],
  ] as const) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme });
    await isOpenToAll(page);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(over, `${name}, ${look}`).toBeLessThanOrEqual(0);
    await shot(page, `play-${name}-${look}`);
  }
}

const messages = (page: Page) => page.getByRole("log", { name: "Переписка" });

test("a newcomer plays a resident: a line to the bot is a pass, and a button changes it", async ({
  page,
  stage,
}) => {
  const { link } = await stage.say("telegram resident");
  const payload = new URL(link).searchParams.get("start") ?? "";
  await page.goto(`${stage.ready.telegram}?start=${payload}`);
  await expect(page.getByText("Вы открыли ссылку на бота.")).toBeVisible();
  await isSound(page, "who");
  await test.step("they say who they are, and the bot asks whether it is them", async () => {
    await page.getByLabel("Имя").fill("Андрей");
    await page.getByRole("button", { name: "Добавить человека" }).click();
    await page.getByRole("button", { name: "Да, это я" }).click();
    await expect(messages(page)).toContainText("такси А123ВС77");
  });
  const card = messages(page).locator(".message:not(.own)").filter({ hasText: "А 123 ВС" }).last();
  const field = page.getByLabel("Сообщение");
  await test.step("a line is asked about, and a button of the answer issues the pass", async () => {
    await field.fill("такси А123ВС77");
    await field.press("Enter");
    await expect(messages(page).locator(".own").last()).toContainText("такси А123ВС77");
    await expect(field).toHaveValue("");
    await expect(card).toContainText("Всё верно?");
    await card.getByRole("button", { name: "Выписать" }).click();
    await expect(card).toContainText("Пропуск выписан");
    await expect(card.getByRole("button", { name: "Отменить пропуск" })).toBeInViewport({ ratio: 1 });
    await isSound(page, "card");
  });
  await test.step("by the keyboard, too: whoever pressed goes on from the same message", async () => {
    await card.getByRole("button", { name: "Отменить пропуск" }).focus();
    await page.keyboard.press("Enter");
    await expect(card).toContainText("больше никого не впустят");
    await expect.poll(() => page.evaluate(() => !!document.activeElement?.closest("#log"))).toBe(true);
    await card.getByRole("button", { name: "Да, отменить" }).click();
    await expect(messages(page)).toContainText("Пропуск отменён");
  });
  await test.step("the bot's commands, and back to the people", async () => {
    await page.getByRole("button", { name: "Меню" }).click();
    await shot(page, "play-menu");
    await page.getByRole("button", { name: "Назад" }).click();
    await expect(page.getByRole("button", { name: /^Андрей/ })).toBeVisible();
    await expect(page.getByRole("button", { name: "/menu" })).toBeHidden();
    await isOpenToAll(page);
    await shot(page, "play-people");
  });
});

test("who is nobody here is asked to join, and who blocks the bot can let it speak again", async ({
  page,
  stage,
}) => {
  await page.goto(stage.ready.telegram);
  await page.getByLabel("Имя").fill("Чужой");
  await page.getByRole("button", { name: "Добавить человека" }).click();
  await page.getByRole("button", { name: "Запустить" }).click();
  await expect(messages(page).locator(".message").first()).toBeVisible();
  await isSound(page, "stranger");
  await page.getByRole("button", { name: "Заблокировать" }).click();
  await expect(page.getByLabel("Сообщение")).toBeHidden();
  await page.getByRole("button", { name: "Разблокировать" }).first().click();
  await expect(page.getByLabel("Сообщение")).toBeVisible();
});
