/** Coming in where a second factor is wanted, and staying while the cloud does not. */
import type { Page } from "@playwright/test";
import { expect, type Stage, shot, signIn, test } from "../stage";
import { code } from "./codes";
import { isFine, isSound } from "./fits";

/** Turns the second factor on: the codes to be kept on paper. */
async function turnOn(page: Page, stage: Stage): Promise<string[]> {
  await page.goto(`${stage.cloud}/settings/second-factor`);
  await page.getByRole("button", { name: "Начать" }).click();
  const secret = await page.getByLabel("Или введите в приложении").inputValue();
  await page.getByLabel("Код", { exact: true }).fill(code(secret));
  await page.getByRole("button", { name: "Включить" }).click();
  await expect(page.getByText("Второй фактор включён.")).toBeVisible();
  return page.locator(".codes > li").allTextContents();
}

async function signOut(page: Page, stage: Stage) {
  await page.goto(`${stage.cloud}/settings`);
  await page.getByRole("button", { name: "Выйти" }).click();
  await expect(page.getByRole("heading", { name: "Вход", level: 1 })).toBeVisible();
}

test("whoever has a second factor is asked for it, and a code on paper is good once", async ({
  page,
  stage,
}) => {
  await signIn(page, stage, "29");
  const [spare = "", other = ""] = await turnOn(page, stage);
  await signOut(page, stage);
  const field = page.getByLabel("Код", { exact: true });
  const enter = page.getByRole("button", { name: "Войти", exact: true });
  await test.step("the link alone does not let in", async () => {
    await page.goto((await stage.say("link 29")).link);
    await enter.click();
    await expect(field).toBeFocused();
    await expect(page.getByRole("navigation")).toHaveCount(0);
    await isSound(page, "sign-in-code");
  });
  await test.step("a wrong code says so, and may be typed anew", async () => {
    await field.fill("000000");
    await enter.click();
    await expect(page.getByRole("alert")).toContainText(/код/i);
    await expect(field).toHaveValue("000000");
    await isFine(page, "sign-in-code-wrong");
  });
  await test.step("one on paper lets in, once", async () => {
    await field.fill(spare);
    await enter.click();
    await expect(page.getByRole("heading", { level: 1, name: "Ворота" })).toBeVisible();
    await signOut(page, stage);
    await page.goto((await stage.say("link 29")).link);
    await enter.click();
    await field.fill(spare);
    await enter.click();
    await expect(page.getByRole("alert")).toContainText(/код/i);
    await field.fill(other);
    await enter.click();
    await expect(page.getByRole("heading", { level: 1, name: "Ворота" })).toBeVisible();
  });
});

test("a cloud that goes away is said to be away, and what happened meanwhile is there when it is back", async ({
  page,
  stage,
}) => {
  // A house whose passes no other story counts.
  await signIn(page, stage, "21");
  await page.goto(`${stage.cloud}/passes`);
  await expect(page.getByRole("heading", { level: 1, name: "Пропуска" })).toBeVisible();
  const away = page.getByRole("status").filter({ hasText: "Нет связи." });
  // From then on the page opens without the cloud.
  await expect
    .poll(() => page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state))
    .toBe("activated");
  await stage.say("kill cloud");
  await expect(away).toBeVisible();
  await expect(away).toContainText("Показано то, что было известно");
  await isSound(page, "cloud-away");
  await test.step("what is done now is not believed to be done, and stays where it was typed", async () => {
    await page.getByRole("link", { name: "Гость", exact: true }).click();
    await page.getByLabel("Имя").fill("Тётя Вера");
    await page.getByRole("button", { name: "Выписать пропуск" }).click();
    await expect(page.getByRole("alert")).toContainText("Сервер не отвечает");
    await expect(page.getByLabel("Имя")).toHaveValue("Тётя Вера");
    await isFine(page, "cloud-away-pass");
  });
  await stage.say("start cloud");
  await expect(away).toHaveCount(0);
  await page.getByRole("button", { name: "Выписать пропуск" }).click();
  await expect(page.getByText("Действует", { exact: true })).toBeVisible();
  await page.goto(`${stage.cloud}/passes`);
  await expect(page.getByRole("link", { name: /Тётя Вера/ })).toHaveCount(1);
});

test.describe("before a browser keeps the page", () => {
  test.use({ serviceWorkers: "block" });

  test("a part of the page is waited for while the cloud is away", async ({ page, stage }) => {
    await signIn(page, stage, "20");
    await page.goto(`${stage.cloud}/passes`);
    await expect(page.getByRole("heading", { level: 1, name: "Пропуска" })).toBeVisible();
    await stage.say("kill cloud");
    await page.getByRole("link", { name: "Гость", exact: true }).click();
    await expect(page.getByRole("status").filter({ hasText: "Нет связи." })).toBeVisible();
    await shot(page, "cloud-away-waits");
    await stage.say("start cloud");
    await page.getByLabel("Имя").fill("Тётя Люба");
    await expect(page).toHaveURL(/\/passes\/new\/guest$/);
  });
});
