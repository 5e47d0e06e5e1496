import type { Page } from "@playwright/test";
import { expect, signIn, test } from "../stage";
import { code } from "./codes";
import { isFine, isSound } from "./fits";

/** A device that keeps passkeys, and whose owner is there. */
async function keepsPasskeys(page: Page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const options = {
    protocol: "ctap2",
    transport: "internal",
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
  } as const;
  await devtools.send("WebAuthn.addVirtualAuthenticator", { options });
}

test("who is not signed in is asked to, and goes on to where they wanted", async ({ page, stage }) => {
  await page.goto(`${stage.cloud}/settings/passkeys`);
  await expect(page.getByRole("heading", { name: "Вход", level: 1 })).toBeVisible();
  await isSound(page, "sign-in");
  await test.step("a wrong password says so, and nothing that is typed is lost", async () => {
    await page.getByRole("button", { name: "Войти по паролю" }).click();
    await page.getByLabel("Почта").fill("nobody@dwellers.example");
    await page.getByLabel("Пароль", { exact: true }).fill("not this one");
    await page.getByRole("button", { name: "Войти", exact: true }).click();
    await expect(page.getByRole("alert")).toContainText("Неверный адрес почты или пароль");
    await expect(page.getByLabel("Почта")).toHaveValue("nobody@dwellers.example");
    await isFine(page, "sign-in-password");
  });
  await test.step("links of letters that are over say so", async () => {
    await page.goto(`${stage.cloud}/reset/no-such-token`);
    await page.getByLabel("Новый пароль").fill("correct horse battery");
    await page.getByRole("button", { name: "Сохранить пароль" }).click();
    await expect(page.getByText(/уже использована или её время вышло/)).toBeVisible();
    await isFine(page, "reset");
    await page.goto(`${stage.cloud}/prove/no-such-token`);
    await page.getByRole("button", { name: "Подтвердить" }).click();
    await expect(page.getByText("Сначала войдите")).toBeVisible();
    await expect(page.getByRole("link", { name: "Ко входу" })).toBeVisible();
    await isFine(page, "prove");
  });
});

test("a passkey is the better way in", async ({ page, stage }) => {
  await keepsPasskeys(page);
  await signIn(page, stage, "tenant");
  await page.getByRole("link", { name: "Ещё" }).click();
  await isSound(page, "settings");
  await page.getByRole("link", { name: /Ключи входа/ }).click();
  const passkey = page.getByRole("listitem").filter({ hasText: "Мой телефон" });
  await test.step("it is added", async () => {
    await page.getByLabel("Название").fill("Мой телефон");
    await page.getByRole("button", { name: "Добавить ключ" }).click();
    await expect(passkey).toContainText("ещё не входили");
    await isFine(page, "passkeys");
  });
  await test.step("the device knows it already", async () => {
    await page.getByRole("button", { name: "Добавить ключ" }).click();
    await expect(page.getByText("На этом устройстве ключ уже есть.")).toBeVisible();
  });
  await test.step("signed out, and in again by it, to where one wanted", async () => {
    await page.goto(`${stage.cloud}/settings`);
    await page.getByRole("button", { name: "Выйти" }).click();
    await expect(page.getByRole("heading", { name: "Вход", level: 1 })).toBeVisible();
    await page.goto(`${stage.cloud}/settings/passkeys`);
    await page.getByRole("button", { name: "Войти с ключом" }).click();
    await expect(page).toHaveURL(`${stage.cloud}/settings/passkeys`);
    await expect(passkey).toContainText("последний вход сегодня");
  });
  await test.step("it is called otherwise, and removed", async () => {
    await passkey.getByRole("button", { name: "Переименовать: Мой телефон" }).click();
    await page.getByRole("dialog").getByLabel("Название").fill("Старый телефон");
    await page.getByRole("dialog").getByRole("button", { name: "Сохранить" }).click();
    await page.getByRole("button", { name: "Удалить: Старый телефон" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Удалить" }).click();
    await expect(page.getByText(/Ключей пока нет/)).toBeVisible();
  });
});

test("password, second factor, and where one is signed in", async ({ page, stage }) => {
  await signIn(page, stage, "22");
  await test.step("a password", async () => {
    await page.goto(`${stage.cloud}/settings/password`);
    await page.getByLabel("Новый пароль").fill("correct horse battery");
    await page.getByRole("button", { name: "Сохранить пароль" }).click();
    await expect(page.getByText("Пароль сохранён")).toBeVisible();
    await isFine(page, "password");
  });
  await test.step("an address, where this cloud sends no mail", async () => {
    await page.goto(`${stage.cloud}/settings/email`);
    await page.getByLabel("Новый адрес").fill("irina@dwellers.example");
    await page.getByRole("button", { name: "Прислать письмо" }).click();
    await expect(page.getByText(/Отсюда письма не отправляются/)).toBeVisible();
    await isFine(page, "email");
  });
  await test.step("a second factor, whose spare codes are shown once", async () => {
    await page.goto(`${stage.cloud}/settings/second-factor`);
    await page.getByRole("button", { name: "Начать" }).click();
    await expect(page.getByRole("img", { name: "QR-код для приложения с кодами" })).toBeVisible();
    await isSound(page, "second-factor");
    const secret = await page.getByLabel("Или введите в приложении").inputValue();
    await page.getByLabel("Код", { exact: true }).fill("000");
    await page.getByRole("button", { name: "Включить" }).click();
    await expect(page.getByText(/код не подходит/)).toBeVisible();
    await page.getByLabel("Код", { exact: true }).fill(code(secret));
    await page.getByRole("button", { name: "Включить" }).click();
    await expect(page.getByText("Второй фактор включён.")).toBeVisible();
    const spare = (await page.locator(".codes > li").first().textContent()) ?? "";
    await isFine(page, "recovery-codes");
    await page.goto(`${stage.cloud}/settings/second-factor`);
    await page.getByLabel("Код", { exact: true }).fill(spare);
    await page.getByRole("button", { name: "Выключить второй фактор" }).click();
    await expect(page.getByRole("button", { name: "Начать" })).toBeVisible();
  });
  await page.goto(`${stage.cloud}/settings/sessions`);
  await expect(page.getByText("Здесь", { exact: true })).toBeVisible();
  await isFine(page, "sessions");
});

test("how I am called, told, and in which language", async ({ page, stage, context }) => {
  await signIn(page, stage, "23");
  await page.goto(`${stage.cloud}/settings/me`);
  await page.getByLabel("Телефон").fill("8 912 345 67 89");
  await page.getByRole("button", { name: "Сохранить" }).click();
  await expect(page.getByText("Сохранено.")).toBeVisible();
  await isFine(page, "me");
  await page.reload();
  await expect(page.getByLabel("Телефон")).toHaveValue("+79123456789");

  await page.goto(`${stage.cloud}/settings/told`);
  await page.getByRole("checkbox", { name: "Ваши гости приехали" }).uncheck();
  await page.getByLabel("С", { exact: true }).fill("23:15");
  await isSound(page, "told");
  await page.reload();
  await expect(page.getByRole("checkbox", { name: "Ваши гости приехали" })).not.toBeChecked();
  await expect(page.getByLabel("С", { exact: true })).toHaveValue("23:15");
  await test.step("a browser that may not show anything says so", async () => {
    await context.clearPermissions();
    await page.getByRole("button", { name: "Сообщать в этом браузере" }).click();
    await expect(page.getByText(/Браузер не разрешает уведомлений|не смог подписаться/)).toBeVisible();
  });

  await page.goto(`${stage.cloud}/settings`);
  await page.getByLabel("Язык").selectOption("en");
  await expect(page.getByRole("heading", { name: "More" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await isFine(page, "settings-english");
});

test("what I agreed to, what is known of me, and to be forgotten", async ({ page, stage }) => {
  await signIn(page, stage, "24");
  await page.goto(`${stage.cloud}/settings/consents`);
  await test.step("I am asked, agree, and take it back, knowing what follows", async () => {
    await page.getByRole("checkbox", { name: "Я прочитал и согласен" }).check();
    await page.getByRole("button", { name: "Согласиться" }).click();
    await expect(page.getByText(/на сайте · сегодня/)).toBeVisible();
    await isFine(page, "consents");
    await page.getByRole("button", { name: "Отозвать согласие" }).click();
    await expect(page.getByRole("dialog")).toContainText("посёлок больше не сможет хранить ваши данные");
    await page.getByRole("dialog").getByRole("button", { name: "Отозвать согласие" }).click();
    await expect(page.getByText(/Согласие отозвано, администратор это видит/)).toBeVisible();
  });
  await test.step("the export is a file", async () => {
    await page.goto(`${stage.cloud}/settings/export`);
    await isFine(page, "export");
    const file = page.waitForEvent("download");
    await page.getByRole("button", { name: "Выгрузить" }).click();
    expect((await file).suggestedFilename()).toMatch(/^dwellers-\d{4}-\d\d-\d\d\.json$/);
  });
  await test.step("erasing asks once, by a word", async () => {
    await page.goto(`${stage.cloud}/settings/erase`);
    await expect(page.getByText(/Шлагбаум перестанет узнавать|Собственник/).first()).toBeVisible();
    await isSound(page, "erase");
    await page.getByLabel(/Введите слово/).fill("нет");
    await page.getByRole("button", { name: "Стереть меня" }).click();
    await expect(page.getByText(/Подтверждение: /)).toBeVisible();
    await page.getByLabel(/Введите слово/).fill("стереть");
    await page.getByRole("button", { name: "Стереть меня" }).click();
    await expect(page.getByRole("heading", { name: "Вы пока нигде не живёте" })).toBeVisible();
  });
});
