/** The journal: live, found by plate, house and time, with pictures, as a table; and bans, which it shows at work. */
import { readFile } from "node:fs/promises";
import { expect, isOpenToAll, shot, signIn, test } from "../stage";

test("the journal tells what comes as it comes, is searched, and taken along", async ({ page, stage }) => {
  await signIn(page, stage, "administrator");
  await page.goto(`${stage.cloud}/admin/journal`);
  const entries = page.getByRole("listitem").filter({ has: page.locator("time") });
  const { plate } = await stage.say("comes resident");
  await stage.say("drives main");

  await test.step("a car comes, and stands at the top with its picture", async () => {
    const came = entries.filter({ hasText: "Разрешено" }).first();
    await expect(came).toBeVisible();
    const picture = came.getByRole("button", { name: `Снимок крупнее: ${plate}` });
    await expect
      .poll(() => picture.locator("img").evaluate((img: HTMLImageElement) => img.naturalWidth))
      .toBeGreaterThan(0);
    await isOpenToAll(page);
    await shot(page, "journal");
    await picture.click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByRole("img", { name: /Разрешено/ })).toBeVisible();
    await isOpenToAll(page);
    await shot(page, "journal-picture");
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await expect(picture).toBeFocused();
  });

  await test.step("a part of a plate finds it in either alphabet, and the address can be sent", async () => {
    const letters: Record<string, string> = {
      А: "a",
      В: "b",
      Е: "e",
      К: "k",
      М: "m",
      Н: "h",
      О: "o",
      Р: "p",
      С: "c",
      Т: "t",
      У: "y",
      Х: "x",
    };
    const russian = plate.replaceAll(" ", "").slice(0, 5);
    const latin = [...russian].map((letter) => letters[letter] ?? letter).join("");
    const field = page.getByRole("searchbox", { name: "Номер машины" });
    for (const part of [russian, latin]) {
      await field.fill(part);
      await expect(page).toHaveURL((url) => url.searchParams.get("plate")?.replaceAll('"', "") === part);
      await expect(entries.first()).toBeVisible();
      await expect(entries.filter({ hasText: "Закрылось" })).toHaveCount(0);
    }
    await page.reload();
    await expect(field).toHaveValue(latin);
    await expect(entries.first()).toBeVisible();
    await field.fill("999999");
    await expect(page.getByText("По этим условиям ничего не нашлось.")).toBeVisible();
    await shot(page, "journal-nothing");
    await page.getByRole("button", { name: "Показать всё" }).click();
    await expect(field).toHaveValue("");
  });

  await test.step("by house, kind and time", async () => {
    const house = page
      .getByRole("combobox", { name: "Дом" })
      .or(page.getByRole("textbox", { name: "Дом" }))
      .first();
    await house.click();
    await house.fill("12");
    await page.getByRole("option", { name: "12", exact: true }).click();
    await expect(page).toHaveURL(/house=/);
    await expect(entries.first()).toContainText("12");
    await page
      .getByRole("combobox", { name: "Что случилось" })
      .selectOption({ label: "Подъехали: что решено" });
    await expect(entries.filter({ hasText: "Закрылось" })).toHaveCount(0);
    await expect(entries.first()).toContainText("Разрешено");
    await page.getByLabel("До", { exact: true }).fill("2020-01-01T00:00");
    await expect(page.getByText("По этим условиям ничего не нашлось.")).toBeVisible();
    await page.getByRole("button", { name: "Показать всё" }).click();
    await expect(entries.first()).toBeVisible();
  });

  await test.step("all of it as a table", async () => {
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "Скачать таблицу (CSV)" }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe("journal.csv");
    const table = await readFile(await download.path(), "utf8");
    expect(table.split("\r\n")[0]).toContain(";");
    expect(table).toContain(plate);
  });
});

test("a car is banned with a reason, is kept out, and let in again", async ({ page, stage }) => {
  await signIn(page, stage, "administrator");
  await page.goto(`${stage.cloud}/admin/bans`);
  const { plate } = stage.ready.scenes.resident;
  const form = page.locator("form");

  await test.step("what makes no sense is said beside the field, and what was typed stays", async () => {
    await form.getByRole("textbox", { name: "Номер машины" }).fill("!!");
    await form.getByRole("textbox", { name: "Причина" }).fill("ездит по газонам");
    await form.getByRole("button", { name: "Запретить въезд" }).click();
    const field = form.getByRole("textbox", { name: "Номер машины" });
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await expect(form.getByRole("textbox", { name: "Причина" })).toHaveValue("ездит по газонам");
    await field.fill(plate);
    await form.getByRole("button", { name: "Запретить въезд" }).click();
  });

  const ban = page.getByRole("listitem").filter({ hasText: "ездит по газонам" });
  await test.step("it stands, and the gate keeps the car out", async () => {
    await expect(ban).toContainText("пока не снимут");
    await isOpenToAll(page);
    await shot(page, "bans");
    await expect(async () => {
      expect(await stage.say("comes resident")).toMatchObject({ verdict: "refuse", reason: "banned" });
    }).toPass({ timeout: 60_000 });
    await stage.say("leaves");
    await page.goto(`${stage.cloud}/admin/journal`);
    await expect(page.getByRole("listitem").filter({ hasText: "Пускать запрещено" }).first()).toBeVisible();
  });

  await test.step("lifting asks once", async () => {
    await page.goto(`${stage.cloud}/admin/bans`);
    await ban.getByRole("button", { name: "Снять" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("снова заработает");
    await dialog.getByRole("textbox").fill("извинился");
    await isOpenToAll(page);
    await shot(page, "bans-lift");
    await dialog.getByRole("button", { name: "Снять запрет" }).click();
    await expect(ban).toBeHidden();
  });

  await test.step("somebody is found by a part of the name", async () => {
    await form.getByRole("radio", { name: "Человека" }).check();
    const who = page
      .getByRole("combobox", { name: "Кого" })
      .or(page.getByRole("textbox", { name: "Кого" }))
      .first();
    await who.click();
    await who.fill("Козл");
    await expect(page.getByRole("option").first()).toContainText("Козлов");
    await isOpenToAll(page);
    await shot(page, "bans-person");
  });
});
