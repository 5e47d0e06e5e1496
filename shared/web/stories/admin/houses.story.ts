/** Houses: found, added, called otherwise; their codes, and letters with them. */
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, isOpenToAll, shot, signIn, test } from "../stage";

/** The text of a downloaded PDF's beginning, and how large it is. */
async function pdf(page: Page, act: () => Promise<void>) {
  const [download] = await Promise.all([page.waitForEvent("download"), act()]);
  const bytes = await readFile(await download.path());
  return { name: download.suggestedFilename(), begins: bytes.subarray(0, 5).toString(), bytes: bytes.length };
}

test("a house is found, added once, and called otherwise", async ({ page, stage }) => {
  await signIn(page, stage, "administrator");
  await page.getByRole("link", { name: "Дома", exact: true }).click();
  await expect(page.getByRole("row")).not.toHaveCount(0);
  await isOpenToAll(page);
  await shot(page, "houses");
  await page.getByRole("searchbox", { name: "Найти дом" }).fill("26");
  await expect(page.getByRole("row")).toHaveCount(2);
  await page.getByRole("link", { name: "26", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Дом 26" })).toBeVisible();
  await isOpenToAll(page);
  await shot(page, "house");
  // Whoever comes back finds what was looked for.
  await page.goBack();
  await expect(page.getByRole("searchbox")).toHaveValue("26");
  await page.getByRole("searchbox").fill("нет такого");
  await expect(page.getByText("Таких домов нет")).toBeVisible();

  await page.getByRole("button", { name: "Добавить дом" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Дом" }).fill("12");
  await dialog.getByRole("textbox", { name: "Заметка" }).fill("у пруда");
  await dialog.getByRole("button", { name: "Сохранить" }).click();
  await expect(dialog.getByText("Такой дом уже есть")).toBeVisible();
  await expect(dialog.getByRole("textbox", { name: "Заметка" })).toHaveValue("у пруда");
  await isOpenToAll(page);
  await dialog.getByRole("textbox", { name: "Дом" }).fill("12к2");
  await dialog.getByRole("button", { name: "Сохранить" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Дом 12к2" })).toBeVisible();
  await expect(page.getByText("у пруда")).toBeVisible();
  await expect(page.getByText("Пока никого")).toBeVisible();

  await page.getByRole("button", { name: "Изменить" }).click();
  // Somebody else is quicker: it is said, nothing typed is lost, and the next time counts.
  const address = page.url().replace("/admin/", `/api/v1/communities/${stage.community}/`);
  const origin = { Origin: stage.cloud };
  await page.request.put(address, { data: { label: "12к2", note: "за прудом" }, headers: origin });
  await dialog.getByRole("textbox", { name: "Дом" }).fill("12 корпус 2");
  await dialog.getByRole("button", { name: "Сохранить" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Пока вы решали, всё изменилось");
  await expect(dialog.getByRole("textbox", { name: "Дом" })).toHaveValue("12 корпус 2");
  await dialog.getByRole("button", { name: "Сохранить" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Дом 12 корпус 2" })).toBeVisible();
});

test("a code is shown once, and a letter with another one ends it", async ({ page, stage }) => {
  const before = await stage.say("code 20");
  const knows = async (code: string) => {
    const card = await page.request.get(`${stage.cloud}/api/v1/communities/${stage.community}/consent`);
    const { id } = await card.json();
    const answer = await page.request.post(
      `${stage.cloud}/api/v1/communities/${stage.community}/applications`,
      {
        headers: { Origin: stage.cloud, "Idempotency-Key": `story ${code} ${Date.now()}` },
        data: { name: "Кодовый Житель", phone: "", language: "ru", kind: "family", consent: id, code },
      },
    );
    return answer.status() === 201;
  };
  await signIn(page, stage, "administrator");
  await page.goto(`${stage.cloud}/admin/houses/${stage.ready.houses["20"]}`);
  await page.getByRole("button", { name: "Выдать новый код" }).click();
  await expect(page.getByRole("dialog")).toContainText(
    "Прежний код дома и письма с ним перестанут действовать",
  );
  await page.getByRole("dialog").getByRole("button", { name: "Выдать новый код" }).click();
  const shown = page.getByRole("status").filter({ hasText: "больше он не покажется" });
  await expect(shown).toBeVisible();
  await isOpenToAll(page);
  await shot(page, "house-code");
  const code = (await shown.locator(".secret").textContent()) ?? "";
  expect([await knows(before.code), await knows(code)]).toEqual([false, true]);

  await page.reload();
  await expect(page.getByRole("heading", { name: "Код дома" })).toBeVisible();
  await expect(page.getByText(code)).toBeHidden();
  await page.getByRole("button", { name: "Напечатать письмо" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Напечатать письмо" }).click();
  const link = page.getByRole("link", { name: "Скачать PDF" });
  await expect(link).toBeVisible();
  const letter = await pdf(page, () => link.click());
  expect(letter).toMatchObject({ name: "letter-20.pdf", begins: "%PDF-" });
  expect(await knows(code)).toBe(false);
});

test("letters go to all houses, and say that earlier codes end", async ({ page, stage }) => {
  await signIn(page, stage, "administrator");
  await page.goto(`${stage.cloud}/admin/letters`);
  await expect(page.getByText("Прежние коды и все прежние письма перестанут действовать")).toBeVisible();
  await isOpenToAll(page);
  await page.getByRole("button", { name: "Сделать письма" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("Коды всех домов сменятся");
  await isOpenToAll(page);
  await shot(page, "letters-ask");
  await dialog.getByRole("button", { name: "Сделать письма" }).click();
  await expect(dialog.getByRole("status")).toContainText("Делаем письма");
  const link = page.getByRole("link", { name: "Скачать PDF" });
  await expect(link).toBeVisible({ timeout: 60_000 });
  await isOpenToAll(page);
  await shot(page, "letters");
  const letters = await pdf(page, () => link.click());
  expect(letters).toMatchObject({ name: "letters.pdf", begins: "%PDF-" });
  // A page for each of some sixty houses.
  expect(letters.bytes).toBeGreaterThan(100_000);
});
