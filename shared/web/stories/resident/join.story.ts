import type { Browser, Page } from "@playwright/test";
import { expect, type Stage, test } from "../stage";
import { isFine, isSound } from "./fits";

/** What the administrator decides about an application, by its secret's owner's name. */
async function decide(
  browser: Browser,
  stage: Stage,
  name: string,
  how: "acceptance" | "refusal",
  body: object,
) {
  const context = await browser.newContext({ extraHTTPHeaders: { "X-Forwarded-For": "10.9.8.6" } });
  const { link } = await stage.say("link administrator");
  const base = `${stage.cloud}/api/v1`;
  const headers = { Origin: stage.cloud };
  const entered = await context.request.post(`${base}/session/link`, {
    headers,
    data: { token: link.split("/").pop() },
  });
  expect(entered.ok()).toBe(true);
  const path = `${base}/communities/${stage.community}/applications`;
  const { applications } = await (await context.request.get(path)).json();
  const { id } = applications.find(
    (one: { name: string; decision?: object }) => one.name === name && !one.decision,
  );
  const decided = await context.request.post(`${path}/${id}/${how}`, { headers, data: body });
  expect(decided.ok(), await decided.text()).toBe(true);
  await context.close();
}

async function fill(page: Page, name: string) {
  await page.getByLabel("Имя и фамилия").fill(name);
  await page.getByLabel("Телефон").fill("+7 912 000 11 22");
  await page.getByRole("checkbox", { name: "Я прочитал и согласен" }).check();
}

test("by the code of the house, from the letter", async ({ page, stage, browser }) => {
  const { address, code } = await stage.say("code 17");
  await page.goto(address);
  await expect(page.getByRole("heading", { name: "Сосновка: заявка" })).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Код дома" })).toHaveValue(code);
  await isSound(page, "join");
  await test.step("nothing is sent without the consent, which is a document of its own", async () => {
    await page.getByLabel("Имя и фамилия").fill("Ирина Код");
    await page.getByRole("button", { name: "Отправить заявку" }).click();
    await expect(page.getByRole("heading", { name: "Сосновка: заявка" })).toBeVisible();
    await expect(page.getByRole("checkbox")).not.toBeChecked();
  });
  await test.step("a code that is none is said at its field, and nothing is lost", async () => {
    await fill(page, "Ирина Код");
    await page.getByRole("textbox", { name: "Код дома" }).fill("НЕТ");
    await page.getByRole("button", { name: "Отправить заявку" }).click();
    await expect(page.getByText(/Код не подходит|Код: /)).toBeVisible();
    await expect(page.getByLabel("Имя и фамилия")).toHaveValue("Ирина Код");
  });
  await test.step("what becomes of it is seen, also after the page was closed", async () => {
    await page.getByRole("textbox", { name: "Код дома" }).fill(code);
    await page.getByRole("button", { name: "Отправить заявку" }).click();
    await expect(page.getByText("На рассмотрении")).toBeVisible();
    await page.goto(`${stage.cloud}/join/${stage.community}`);
    await expect(page.getByText("На рассмотрении")).toBeVisible();
    await isFine(page, "join-waiting");
  });
  await test.step("it is withdrawn, and sent anew", async () => {
    await page.getByRole("button", { name: "Отозвать заявку" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Отозвать заявку" }).click();
    await expect(page.getByText("Отозвана", { exact: true })).toBeVisible();
    await page.getByRole("button", { name: "Подать новую" }).click();
    await fill(page, "Ирина Код");
    await page.getByRole("textbox", { name: "Код дома" }).fill(code);
    await page.getByRole("button", { name: "Отправить заявку" }).click();
    await expect(page.getByText("На рассмотрении")).toBeVisible();
  });
  await test.step("who was accepted is at the gate by a click", async () => {
    await decide(browser, stage, "Ирина Код", "acceptance", {});
    await page.reload();
    await expect(page.getByText("Принята", { exact: true })).toBeVisible();
    await isFine(page, "join-accepted");
    await page.getByRole("button", { name: "Войти" }).click();
    await expect(page.getByRole("heading", { name: "Ворота" })).toBeVisible();
  });
});

test("by a photo; refused, with what to do about it", async ({ page, stage, browser }) => {
  await page.goto(`${stage.cloud}/join/${stage.community}`);
  await page.getByText("Фотография", { exact: true }).first().click();
  await fill(page, "Иван Фото");
  await page.getByLabel("Дом", { exact: true }).fill("21");
  await expect(page.getByRole("button", { name: "Отправить заявку" })).toBeDisabled();
  await test.step("what is no picture is said so", async () => {
    await page
      .getByLabel("Из файлов")
      .setInputFiles({ name: "photo.jpg", mimeType: "image/heic", buffer: Buffer.from("no picture") });
    await expect(page.getByText(/не открывается как фотография/)).toBeVisible();
  });
  await test.step("a photo is seen before it is sent, and is sent small", async () => {
    await page.getByLabel("Вид из окна").setInputFiles(await large(page));
    await expect(page.getByRole("img", { name: "Ваша фотография" })).toBeVisible();
    await isFine(page, "join-photo");
    // What is shown is what is sent.
    await expect(page.getByRole("img", { name: "Ваша фотография" })).toHaveJSProperty("naturalWidth", 1600);
    await page.getByRole("button", { name: "Отправить заявку" }).click();
    await expect(page.getByText("На рассмотрении")).toBeVisible();
  });
  await decide(browser, stage, "Иван Фото", "refusal", { reason: "На фотографии не ваш дом" });
  await page.reload();
  await expect(page.getByText("Отклонена", { exact: true })).toBeVisible();
  await expect(page.getByText("Причина: На фотографии не ваш дом")).toBeVisible();
  await isFine(page, "join-refused");
  await page.getByRole("button", { name: "Подать новую" }).click();
  await expect(page.getByLabel("Имя и фамилия")).toBeVisible();
});

/** A photo as cameras make them: larger than anybody needs to send. */
async function large(page: Page) {
  const address = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(3000, 2000);
    const draw = canvas.getContext("2d") as OffscreenCanvasRenderingContext2D;
    // What repeats nowhere takes room.
    const noise = draw.createImageData(1200, 900);
    for (let at = 0; at < noise.data.length; at++) noise.data[at] = Math.imul(at, 2_654_435_761) >>> 24;
    draw.putImageData(noise, 0, 0);
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
    const reader = new FileReader();
    await new Promise((resolve) => {
      reader.addEventListener("load", resolve);
      reader.readAsDataURL(blob);
    });
    return String(reader.result);
  });
  const buffer = Buffer.from(address.slice(address.indexOf(",") + 1), "base64");
  expect(buffer.byteLength).toBeGreaterThan(400_000);
  return { name: "view.jpg", mimeType: "image/jpeg", buffer };
}

test("a link lets in once, by a click", async ({ page, stage, browser }) => {
  const { link } = await stage.say("link family");
  await page.goto(link);
  await expect(page.getByRole("heading", { name: "Добро пожаловать" })).toBeVisible();
  await isFine(page, "enter");
  // That a preview looked at it has used nothing up.
  await page.reload();
  await page.getByRole("button", { name: "Войти" }).click();
  await expect(page.getByRole("heading", { name: "Ворота" })).toBeVisible();
  const again = await browser.newPage({ extraHTTPHeaders: { "X-Forwarded-For": "10.9.8.5" } });
  await again.goto(link);
  await again.getByRole("button", { name: "Войти" }).click();
  await expect(again.getByText(/уже использована|уже вошли/)).toBeVisible();
  await expect(again.getByRole("link", { name: "Я уже входил" })).toBeVisible();
  await again.close();
});

test("an administrator without a house comes to the office", async ({ page, stage }) => {
  const { link } = await stage.say("link administrator");
  await page.goto(link);
  await page.getByRole("button", { name: "Войти" }).click();
  await page.waitForURL(`${stage.cloud}/admin/**`);
});
