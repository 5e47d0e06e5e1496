import type { Page } from "@playwright/test";
import { expect, shot, signIn, test } from "../stage";
import { isFine, isSound } from "./fits";

const row = (page: Page, text: string) => page.getByRole("listitem").filter({ hasText: text });

test("who is of the house, and what each may do", async ({ page, stage }) => {
  await signIn(page, stage, "resident");
  await page.getByRole("link", { name: "Дом", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Дом 12", level: 1 })).toBeVisible();
  const { resident, family } = stage.ready.people;
  await expect(row(page, resident.name).first()).toContainText("вы");
  await expect(row(page, family.name).first()).toContainText("отвечать охране");
  await isSound(page, "household");
});

test("the house invites, and takes back", async ({ page, stage, browser }) => {
  await signIn(page, stage, "resident");
  await page.goto(`${stage.cloud}/household`);
  await page.getByRole("button", { name: "Пригласить" }).click();
  const dialog = page.getByRole("dialog", { name: "Пригласить" });
  await test.step("what makes no sense is said at its field, and nothing is lost", async () => {
    await dialog.getByLabel("Имя").fill("Пётр Ёлкин");
    await dialog.getByLabel("Телефон").fill("123");
    await dialog.getByRole("radio", { name: "Арендатор" }).check();
    await dialog.getByRole("button", { name: "Получить ссылку" }).click();
    await expect(dialog.getByText(/не похоже на телефон/)).toBeVisible();
    await expect(dialog.getByLabel("Имя")).toHaveValue("Пётр Ёлкин");
    await isSound(page, "household-invite");
  });
  const link = await test.step("the link is shown once, also as a code", async () => {
    await dialog.getByLabel("Телефон").fill("8 (912) 345-67-89");
    await dialog.getByRole("button", { name: "Получить ссылку" }).click();
    const link = await page.getByLabel("Ссылка", { exact: true }).inputValue();
    await page.getByRole("button", { name: "Показать QR-код" }).click();
    await expect(page.getByRole("img", { name: "QR-код со ссылкой" })).toBeVisible();
    await isFine(page, "household-link");
    await page.getByRole("button", { name: "Закрыть" }).click();
    return link;
  });
  const theirs = await browser.newContext({ extraHTTPHeaders: { "X-Forwarded-For": "10.9.8.7" } });
  const guest = await theirs.newPage();
  await test.step("whoever has lost it gets another, and the one before is over", async () => {
    await row(page, "Ёлкин").getByRole("button", { name: "Новая ссылка" }).click();
    const anew = await page.getByLabel("Ссылка", { exact: true }).inputValue();
    expect(anew).not.toBe(link);
    await page.getByRole("button", { name: "Закрыть" }).click();
    await guest.goto(link);
    await guest.getByRole("button", { name: "Войти" }).click();
    await expect(guest.getByText(/уже использована или её время вышло/)).toBeVisible();
    await isFine(guest, "join-link-over");
    await guest.goto(anew);
    await guest.getByRole("button", { name: "Войти" }).click();
    await expect(guest.getByRole("heading", { name: "Ворота" })).toBeVisible();
  });
  await test.step("before somebody is removed it is said what ends with them", async () => {
    await row(page, "Ёлкин").getByRole("button", { name: "Убрать" }).click();
    const asked = page.getByRole("dialog", { name: /Ёлкин: убрать из дома/ });
    await expect(asked.getByText("Больше не будут в посёлке: Пётр Ёлкин")).toBeVisible();
    await isFine(page, "household-remove");
    await asked.getByRole("button", { name: "Убрать" }).click();
    await expect(row(page, "Ёлкин")).toHaveCount(0);
  });
  await test.step("they are nobody from then on, and are told how one joins", async () => {
    await guest.reload();
    await expect(guest.getByRole("heading", { name: "Вы пока нигде не живёте" })).toBeVisible();
    await isFine(guest, "nobody");
  });
  await theirs.close();
});

test("a car, typed in either alphabet", async ({ page, stage }) => {
  await signIn(page, stage, "resident");
  await page.goto(`${stage.cloud}/household`);
  await page.getByRole("button", { name: "Добавить машину" }).click();
  const dialog = page.getByRole("dialog", { name: "Добавить машину" });
  await dialog.getByLabel("Номер").fill("o777oo");
  await dialog.getByLabel("Какая она").fill("белая Нива");
  await dialog.getByRole("button", { name: "Добавить" }).click();
  await expect(dialog.getByText(/не хватает кода региона/)).toBeVisible();
  await shot(page, "household-car-wrong");
  await dialog.getByLabel("Номер").fill("o777oo77");
  await dialog.getByRole("button", { name: "Добавить" }).click();
  await expect(row(page, "белая Нива")).toContainText("О 777 ОО");
  await row(page, "белая Нива").getByRole("button", { name: "Убрать" }).click();
  const asked = page.getByRole("dialog", { name: "Убрать О 777 ОО 77?" });
  await asked.getByRole("button", { name: "Убрать" }).click();
  await expect(row(page, "белая Нива")).toHaveCount(0);
});
