import { expect, shot, signIn, test } from "../stage";
import { arrives } from "./arrives";
import { isSound } from "./fits";

test("a taxi now: a tap and a confirmation", async ({ page, stage }) => {
  await signIn(page, stage, "resident");
  await page.getByRole("button", { name: "Такси сейчас" }).click();
  await expect(page.getByRole("dialog", { name: "Такси сейчас" })).toBeVisible();
  await isSound(page, "taxi");
  await page.getByRole("button", { name: "Ждём такси" }).click();
  await expect(page.getByText(/Такси пропустят до: сегодня|Такси пропустят до: завтра/)).toBeVisible();
  await page.getByRole("link", { name: "Пропуска", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Действуют сейчас" })).toBeVisible();
  await expect(page.getByRole("link", { name: /^Такси/ }).first()).toBeVisible();
  await isSound(page, "passes");
});

test("a guest by plate, whose visitor needs no account", async ({ page, stage, browser }) => {
  await signIn(page, stage, "resident");
  await page.getByRole("link", { name: "Гость", exact: true }).click();
  await test.step("what makes no sense is said at its field, and nothing is lost", async () => {
    await page.getByLabel("Имя").fill("Дядя Коля");
    await page.getByLabel("Номер машины").fill("вася");
    await page.getByRole("button", { name: "Выписать пропуск" }).click();
    await expect(page.getByText(/не похоже на номер машины/)).toBeVisible();
    await expect(page.getByLabel("Имя")).toHaveValue("Дядя Коля");
    await isSound(page, "pass-new");
  });
  await test.step("a plate in Latin letters is read as it hangs on the car", async () => {
    await page.getByLabel("Номер машины").fill("b333cy77");
    await page.getByRole("button", { name: "Выписать пропуск" }).click();
    await expect(page.getByText("В 333 СУ")).toBeVisible();
    await expect(page.getByText("Действует", { exact: true })).toBeVisible();
  });
  const visitor = await (await browser.newContext()).newPage();
  const link = await test.step("its link is made once, and can be sent", async () => {
    await page.getByRole("button", { name: "Сделать ссылку" }).click();
    const link = (await page.locator("output").textContent()) ?? "";
    expect(link).toMatch(new RegExp(`^${stage.cloud}/visits/`));
    await expect(page.getByRole("img", { name: "QR со ссылкой на пропуск" })).toBeVisible();
    await isSound(page, "pass-shared");
    return link;
  });
  await test.step("the visitor sees where and when", async () => {
    await visitor.goto(link);
    await expect(visitor.getByRole("heading", { name: "Вас ждут: Сосновка" })).toBeVisible();
    await expect(visitor.getByText("Дом 12")).toBeVisible();
    await expect(visitor.getByText("Действует", { exact: true })).toBeVisible();
    await isSound(visitor, "visit");
  });
  await test.step("a link that was taken back shows nothing", async () => {
    await page.getByRole("button", { name: "Отозвать ссылку" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Отозвать ссылку" }).click();
    await expect(page.getByRole("dialog")).toBeHidden();
    await visitor.reload();
    await expect(visitor.getByRole("heading", { name: "Ссылка больше не действует" })).toBeVisible();
    await isSound(visitor, "visit-gone");
  });
  await test.step("whoever came before is a tap away", async () => {
    await page.goto(`${stage.cloud}/passes/new/guest`);
    await page.getByRole("button", { name: /В 333 СУ/ }).click();
    await expect(page.getByLabel("Имя")).toHaveValue("Дядя Коля");
    await expect(page.getByLabel("Номер машины")).toHaveValue(/333/);
  });
  await visitor.context().close();
});

test("an event has entries and a code; a cancelled one lets nobody in", async ({ page, stage, browser }) => {
  await signIn(page, stage, "resident");
  await page.goto(`${stage.cloud}/passes/new/event`);
  await page.getByLabel("Что за мероприятие").fill("Юбилей");
  await page.getByLabel("Сколько въездов").fill("много");
  await page.getByRole("button", { name: "Выписать пропуск" }).click();
  await expect(page.getByText(/Число въездов/)).toBeVisible();
  await page.getByLabel("Сколько въездов").fill("25");
  await page.getByRole("radio", { name: "завтра" }).check();
  await page.getByRole("button", { name: "Выписать пропуск" }).click();
  await expect(page.getByText("Въездов: 0 из 25")).toBeVisible();
  const code = (await page.locator(".code").textContent()) ?? "";
  expect(code).toMatch(/^\d{6,}$/);
  await page.getByRole("button", { name: "Сделать ссылку" }).click();
  const link = (await page.locator("output").textContent()) ?? "";
  const visitor = await (await browser.newContext({ locale: "en-GB" })).newPage();
  await visitor.goto(link);
  await expect(visitor.getByRole("heading", { name: "You are expected: Сосновка" })).toBeVisible();
  await expect(visitor.getByText(code, { exact: true })).toBeVisible();
  const picture = visitor.getByRole("img", { name: `QR code with the code ${code}` });
  await expect
    .poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth))
    .toBeGreaterThan(0);
  await isSound(visitor, "visit-code");
  await test.step("it asks once, and says what", async () => {
    await page.getByRole("button", { name: "Отменить пропуск" }).click();
    await expect(page.getByRole("dialog")).toContainText("Юбилей");
    await shot(page, "pass-cancel");
    await page.getByRole("dialog").getByRole("button", { name: "Отменить пропуск" }).click();
    await expect(page.getByText("Отменён", { exact: true })).toBeVisible();
  });
  await visitor.reload();
  await expect(visitor.getByRole("heading", { name: "This link is over" })).toBeVisible();
  await visitor.context().close();
});

test("a recurring one, and what became of a pass", async ({ page, stage }) => {
  await signIn(page, stage, "resident");
  await page.goto(`${stage.cloud}/passes/new/recurring`);
  await page.getByLabel("Имя").fill("Садовник");
  for (const day of ["понедельник", "среда", "пятница"]) {
    await page.getByRole("checkbox", { name: day }).uncheck();
  }
  await isSound(page, "pass-new-recurring");
  await page.getByRole("button", { name: "Выписать пропуск" }).click();
  await expect(page.getByText("Садовник")).toBeVisible();
  await expect(page.getByText(/вт, чт|вторник|вторникам/i).first()).toBeVisible();
  await test.step("a guest who came stands in the pass's history", async () => {
    await arrives(stage, "guest");
    await page.getByRole("link", { name: "Все пропуска" }).click();
    await page.getByRole("button", { name: "Показать прошедшие" }).click();
    await page.getByRole("link", { name: /Тётя Зина/ }).click();
    await expect(page.getByText("Использован", { exact: true })).toBeVisible();
    await expect(page.getByText("Въездов: 1 из 1")).toBeVisible();
    await expect(page.getByText(/Есть пропуск/)).toBeVisible();
    await isSound(page, "pass-used");
  });
});
