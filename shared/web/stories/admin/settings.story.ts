/** The settlement's settings, how long what is kept, tables to take along; and the audit, in which all of it stands. */
import { readFile } from "node:fs/promises";
import { expect, isOpenToAll, shot, signIn, test } from "../stage";

test("settings, a conflict in words, and keeping less, which asks", async ({ page, stage }) => {
  await signIn(page, stage, "administrator");
  await page.goto(`${stage.cloud}/admin/settings`);
  const section = (name: string) =>
    page.locator("section", { has: page.getByRole("heading", { name, exact: true }) });
  const community = section("Посёлок");
  const retention = section("Сколько хранить");

  await test.step("who was quicker is told, and both changes are kept", async () => {
    const name = community.getByRole("textbox", { name: "Название" });
    await expect(name).toHaveValue("Сосновка");
    await isOpenToAll(page);
    await shot(page, "settings");
    const other = await page.context().newPage();
    await other.goto(`${stage.cloud}/admin/settings`);
    await other.getByRole("combobox", { name: "Первый язык" }).selectOption("en");
    await other.locator("form").first().getByRole("button", { name: "Сохранить" }).click();
    await expect(other.getByText("Сохранено.")).toBeVisible();
    await other.close();

    await name.fill("Сосновка-2");
    await community.getByRole("button", { name: "Сохранить" }).click();
    await expect(community.getByText("изменил кто-то ещё")).toBeVisible();
    await expect(name).toHaveValue("Сосновка-2");
    await expect(community.getByRole("combobox", { name: "Первый язык" })).toHaveValue("en");
    await shot(page, "settings-conflict");
    await community.getByRole("button", { name: "Сохранить" }).click();
    await expect(community.getByText("Сохранено.")).toBeVisible();
    await page.reload();
    await expect(name).toHaveValue("Сосновка-2");
    await expect(community.getByRole("combobox", { name: "Первый язык" })).toHaveValue("en");
    // Others tell of the settlement by its name.
    await name.fill("Сосновка");
    await community.getByRole("combobox", { name: "Первый язык" }).selectOption("ru");
    await community.getByRole("button", { name: "Сохранить" }).click();
    await expect(community.getByText("Сохранено.")).toBeVisible();
  });

  await test.step("a time that is not allowed is said beside its field", async () => {
    const pictures = retention.getByLabel(/Снимки у ворот/);
    await pictures.fill("900");
    await retention.getByRole("button", { name: "Сохранить" }).click();
    await expect(pictures).toHaveAttribute("aria-invalid", "true");
    await expect(pictures).toHaveValue("900");
    await pictures.fill("20");
  });

  await test.step("keeping less asks, says what it means, and from when it counts", async () => {
    await retention.getByRole("button", { name: "Сохранить" }).click();
    const dialog = page.getByRole("dialog", { name: "Хранить меньше?" });
    await expect(dialog).toContainText("30 → 20");
    await expect(dialog).toContainText("без возможности вернуть");
    await isOpenToAll(page);
    await shot(page, "settings-shorten");
    await dialog.getByRole("button", { name: "Хранить меньше" }).click();
    await expect(retention.getByText(/Сокращённые сроки начнут действовать/)).toBeVisible();
  });

  await test.step("every table is to be had", async () => {
    for (const [button, file] of [
      ["Жители", "people.csv"],
      ["Кто что делал", "audit.csv"],
    ] as const) {
      const downloading = page.waitForEvent("download");
      await section("Выгрузка таблиц").getByRole("button", { name: button }).click();
      const download = await downloading;
      expect(download.suggestedFilename()).toBe(file);
      expect((await readFile(await download.path(), "utf8")).split("\r\n").length).toBeGreaterThan(2);
    }
  });

  await test.step("all of it stands in the audit, in sentences, and is found by what it is", async () => {
    await page.goto(`${stage.cloud}/admin/audit`);
    const deeds = page.getByRole("main").getByRole("listitem");
    await expect(deeds.filter({ hasText: "Изменены сроки хранения" }).first()).toBeVisible();
    await expect(deeds.filter({ hasText: "Выгрузка данных посёлка" }).first()).toContainText("касается всех");
    await isOpenToAll(page);
    await shot(page, "audit");
    await page.getByRole("combobox", { name: "Что показать" }).selectOption({ label: "Только изменения" });
    await expect(deeds.filter({ hasText: "только просмотр" })).toHaveCount(0);
    await page
      .getByRole("combobox", { name: "Действие" })
      .selectOption({ label: "Изменены настройки посёлка" });
    await expect(deeds.filter({ hasText: "Изменены сроки хранения" })).toHaveCount(0);
    await expect(deeds.first()).toContainText("Изменены настройки посёлка");
    await page.getByLabel("До", { exact: true }).fill("2020-01-01T00:00");
    await expect(page.getByText("Ничего не нашлось.")).toBeVisible();
  });
});
