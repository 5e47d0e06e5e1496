import type { Page } from "@playwright/test";
import { expect, shot, signIn, test } from "../stage";
import { arrives } from "./arrives";
import { isSound } from "./fits";

const wicket = (page: Page) => page.getByRole("button", { name: /Калитка/ });
/** What is said under the button of a gate. */
const said = (page: Page, text: string | RegExp) => page.getByRole("status").filter({ hasText: text });

test("a gate: one press, and what really happened", async ({ page, stage }) => {
  await signIn(page, stage, "resident");
  const pressed: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/open")) pressed.push(request.url());
  });
  await test.step("two taps in a hurry are one", async () => {
    await wicket(page).dblclick();
    await expect(said(page, "Открыто")).toBeVisible();
    expect(pressed).toHaveLength(1);
  });
  await test.step("the barrier has a button for each lane", async () => {
    await page.getByRole("button", { name: /Главный въезд.*Въезд/ }).click();
    await expect(said(page, "Открыто")).toHaveCount(2);
    await expect(page.getByRole("button", { name: /Главный въезд.*Выезд/ })).toBeEnabled();
  });
  await test.step("where its stream does not come through, it is asked for", async () => {
    await page.route(/\/openings\/.*\/events$/, (route) => route.abort());
    await page.reload();
    await wicket(page).click();
    // That it was open already no sensor tells anew.
    await expect(said(page, /Открыто|не видно/)).toBeVisible({ timeout: 40_000 });
  });
  await isSound(page, "gates");
  const height = (await wicket(page).boundingBox())?.height;
  expect(height).toBeGreaterThanOrEqual(56);
});

test("a gate that cannot be opened says so before it is pressed", async ({ page, stage, context }) => {
  await signIn(page, stage, "resident");
  await test.step("the gatehouse is away", async () => {
    await expect(wicket(page)).toBeEnabled();
    await stage.say("cut");
    await expect(wicket(page)).toBeDisabled();
    await expect(wicket(page)).toContainText("Пост не на связи");
    await isSound(page, "gates-away");
    await stage.say("heal");
    await expect(wicket(page)).toBeEnabled({ timeout: 60_000 });
  });
  await test.step("this telephone is", async () => {
    await context.setOffline(true);
    await expect(wicket(page)).toBeDisabled();
    await expect(wicket(page)).toContainText("Нет интернета");
    await shot(page, "gates-offline");
    await context.setOffline(false);
    await expect(wicket(page)).toBeEnabled();
  });
  await test.step("what does not move is not called open", async () => {
    await stage.say("unplug wicket");
    await wicket(page).click();
    await expect(said(page, "Открыть не получилось")).toBeVisible();
    await shot(page, "gates-failed");
    await stage.say("plug wicket");
  });
});

test("the guard asks, the house answers", async ({ page, stage, browser }) => {
  await signIn(page, stage, "resident");
  await stage.say("comes unknown");
  await page.getByRole("link", { name: "Пропуска", exact: true }).click();
  await stage.say("asks 12");
  await test.step("on another page too it is told that somebody waits", async () => {
    const waits = page.getByRole("alert").getByRole("link", { name: /ответить/ });
    await expect(waits).toBeVisible();
    await shot(page, "question-elsewhere");
    await waits.click();
  });
  await expect(page.getByRole("heading", { name: "К вам приехали" })).toBeVisible();
  await expect(page.getByText(/К вам машина .*Пропустить\?/)).toBeVisible();
  await expect(page.getByText(/Остал(ась|ось) \d+ секунд/)).toBeVisible();
  await isSound(page, "question");
  await page.getByRole("button", { name: "Не пускать" }).click();
  await expect(page.getByText("Спасибо, охрана увидела ваш ответ")).toBeVisible();
  await test.step("the others of the house see who has answered", async () => {
    const family = await browser.newPage();
    await signIn(family, stage, "family");
    await expect(family.getByText(/Андрей Козлов: не пускать/)).toBeVisible();
    await family.close();
  });
});

test("below the gates: whom the house expects, and who came", async ({ page, stage }) => {
  await signIn(page, stage, "resident");
  const panel = (title: string) =>
    page.locator("section", { has: page.getByRole("heading", { name: title }) });
  const expected = panel("Ждём сегодня");
  await expect(expected.getByText("Тётя Зина")).toBeVisible();
  await arrives(stage, "resident");
  const came = panel("Недавно приезжали")
    .getByRole("listitem")
    .filter({ hasText: /А 714 ОК.*Машина жителя/ })
    .first();
  const picture = came.getByRole("img");
  await picture.scrollIntoViewIfNeeded();
  await expect
    .poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth))
    .toBeGreaterThan(0);
  await shot(page, "gates-came");
});
