/** People: found, entered, given places and roles, signed in by a link, and what ends with a right that is taken. */
import type { Page } from "@playwright/test";
import { expect, isOpenToAll, type Stage, shot, signIn, test } from "../stage";

/** Goes to whoever is found by something. */
async function find(page: Page, stage: Stage, what: string, name: string | RegExp) {
  await page.goto(`${stage.cloud}/admin/people`);
  await page.getByRole("searchbox", { name: "Имя, телефон или номер машины" }).fill(what);
  await page.getByRole("row").getByRole("link", { name }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

/** Enters somebody new. */
async function enter(page: Page, stage: Stage, name: string, phone: string) {
  await page.goto(`${stage.cloud}/admin/people`);
  await page.getByRole("button", { name: "Добавить человека" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Имя" }).fill(name);
  await dialog.getByRole("textbox", { name: "Телефон" }).fill(phone);
  await dialog.getByRole("button", { name: "Сохранить" }).click();
  return dialog;
}

test("somebody is entered, settled in a house, and signs in by a link", async ({ page, browser, stage }) => {
  await signIn(page, stage, "administrator");
  const dialog = await enter(page, stage, "Тамара Новосёлова", "не телефон");
  await expect(dialog.getByText("не похоже на телефон")).toBeVisible();
  await expect(dialog.getByRole("textbox", { name: "Имя" })).toHaveValue("Тамара Новосёлова");
  await isOpenToAll(page);
  await dialog.getByRole("textbox", { name: "Телефон" }).fill("8 926 555-01-77");
  await dialog.getByRole("button", { name: "Сохранить" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Тамара Новосёлова" })).toBeVisible();
  await expect(page.getByText("+79265550177")).toBeVisible();
  await expect(page.getByText("Пока нигде")).toBeVisible();

  await page.getByRole("button", { name: "Записать в дом" }).click();
  await page.getByRole("combobox", { name: "В какой дом" }).fill("33");
  await page.getByRole("option", { name: "33", exact: true }).click();
  await page.getByRole("combobox", { name: "Кто в доме" }).selectOption("tenant");
  await isOpenToAll(page);
  await page.getByRole("button", { name: "Записать в дом" }).click();
  await expect(page.getByRole("link", { name: "Дом 33" })).toBeVisible();
  await expect(page.getByText("арендатор")).toBeVisible();

  await page.getByRole("button", { name: "Дать ссылку для входа" }).click();
  const shown = page.getByRole("status").filter({ hasText: "Сработает один раз" });
  await expect(shown).toBeVisible();
  await isOpenToAll(page);
  await shot(page, "person-link");
  const link = (await shown.locator(".address").textContent()) ?? "";
  const theirs = await browser.newPage();
  await theirs.goto(link);
  await theirs.getByRole("button", { name: "Войти" }).click();
  await expect(theirs.getByRole("navigation")).toBeVisible();
  await theirs.close();

  // Once they are in, another link would take their place: that is asked about.
  await page.reload();
  await expect(page.getByText(link)).toBeHidden();
  await page.getByRole("button", { name: "Дать ссылку для входа" }).click();
  await expect(page.getByText("За этого человека уже вошли")).toBeVisible();
  await page.getByRole("button", { name: "Дать ссылку заново" }).click();
  await expect(page.getByRole("dialog")).toContainText("больше не войдут");
});

test("people are found by name, telephone and plate; a role is given and taken", async ({ page, stage }) => {
  await signIn(page, stage, "administrator");
  await page.goto(`${stage.cloud}/admin/people`);
  await expect(page.getByRole("row")).not.toHaveCount(0);
  await isOpenToAll(page);
  await shot(page, "people");
  const { plate } = stage.ready.scenes.resident;
  const search = page.getByRole("searchbox");
  await search.fill(plate.replaceAll(" ", ""));
  await expect(page.getByRole("row")).toHaveCount(2);
  await search.fill("никого такого нет");
  await expect(page.getByText("Никого не нашлось")).toBeVisible();

  await enter(page, stage, "Роман Постовой", "+7 926 555-01-78");
  await expect(page.getByRole("heading", { level: 1, name: "Роман Постовой" })).toBeVisible();
  await page.getByRole("button", { name: "Сделать охранником" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("открывает любые ворота");
  await dialog.getByRole("button", { name: "Сделать охранником" }).click();
  await expect(page.getByText("Охранник", { exact: true })).toBeVisible();
  await isOpenToAll(page);
  await shot(page, "person");
  await page.getByRole("button", { name: "Снять" }).click();
  await expect(dialog).toContainText("больше не будет этой роли");
  await expect(dialog).toContainText("Роман Постовой");
  await dialog.getByRole("button", { name: "Закончить навсегда" }).click();
  await expect(page.getByText("Ролей нет")).toBeVisible();
  // Given again it is another grant, not the answer to the first.
  await page.getByRole("button", { name: "Сделать охранником" }).click();
  await dialog.getByRole("button", { name: "Сделать охранником" }).click();
  await expect(page.getByText("Охранник", { exact: true })).toBeVisible();
});

test("what ends with a place is shown before, and ends with it", async ({ page, stage }) => {
  await signIn(page, stage, "administrator");
  await page.goto(`${stage.cloud}/admin/houses/${stage.ready.houses["26"]}`);
  const people = page.locator("section", { has: page.getByRole("heading", { name: "Кто в доме" }) });
  await expect(people.getByRole("listitem")).toHaveCount(2);
  const [owner = "", family = ""] = await people.getByRole("link", { name: /^\D+$/ }).allTextContents();
  await people.getByRole("button", { name: "Выписать" }).first().click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("место ещё 1 человека");
  await expect(dialog).toContainText(/\d+ машин/);
  await expect(dialog).toContainText(`Больше никем в посёлке не будут`);
  await expect(dialog).toContainText(family);
  await expect(dialog).toContainText("Это навсегда");
  await isOpenToAll(page);
  await shot(page, "revoke");
  await dialog.getByRole("textbox", { name: "Почему" }).fill("Дом продан");
  await dialog.getByRole("button", { name: "Закончить навсегда" }).click();
  await expect(dialog).toBeHidden();
  await expect(people.getByText("Пока никого")).toBeVisible();
  await expect(page.getByText("Машин нет")).toBeVisible();
  await find(page, stage, owner, owner);
  await expect(page.getByText("Пока нигде")).toBeVisible();
});

test("somebody is erased by the word alone, and found no more", async ({ page, stage }) => {
  await signIn(page, stage, "administrator");
  await enter(page, stage, "Забытая Просьба", "");
  await expect(page.getByRole("heading", { level: 1, name: "Забытая Просьба" })).toBeVisible();
  await page.getByRole("button", { name: "Стереть" }).click();
  const dialog = page.getByRole("dialog");
  const erase = dialog.getByRole("button", { name: "Стереть" });
  await expect(erase).toBeDisabled();
  const word = dialog.getByRole("textbox", { name: /СТЕРЕТЬ/ });
  await word.fill("да");
  await erase.click();
  await expect(dialog.getByText("подтвердите словом")).toHaveCount(1);
  await isOpenToAll(page);
  await shot(page, "erase");
  await word.fill("стереть");
  await erase.click();
  await expect(page.getByRole("heading", { level: 1, name: "Данные стираются" })).toBeVisible();
  await page.goto(`${stage.cloud}/admin/people?search=Забытая`);
  await expect(page.getByText("Никого не нашлось")).toBeVisible();
});

test("the last administrator stays", async ({ page, stage }) => {
  await signIn(page, stage, "administrator");
  const api = `${stage.cloud}/api/v1/communities/${stage.community}`;
  const { account } = await (await page.request.get(`${stage.cloud}/api/v1/session`)).json();
  const me = account.persons[0];
  const { roles } = await (await page.request.get(`${api}/roles`)).json();
  const others = roles.filter(
    (role: { role: string; person: string }) => role.role === "administrator" && role.person !== me.person,
  );
  const take = async (person: string) => {
    await page.goto(`${stage.cloud}/admin/people/${person}`);
    const row = page.getByRole("listitem").filter({ hasText: "Администратор" });
    await row.getByRole("button", { name: "Снять" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Закончить навсегда" }).click();
  };
  for (const { person } of others) {
    await take(person);
    await expect(page.getByText("Ролей нет")).toBeVisible();
  }
  await take(me.person);
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText("это последний администратор");
});
