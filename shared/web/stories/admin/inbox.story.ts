/** An administrator's inbox: who asks to join is decided in two keys, beside their photo and the house; and what else waits. */
import type { Page } from "@playwright/test";
import { expect, isOpenToAll, type Stage, shot, signIn, test } from "../stage";

/** Opens somebody's application from the inbox. */
async function look(page: Page, name: string) {
  await page.getByRole("link", { name: new RegExp(name) }).click();
  await expect(page.getByRole("heading", { level: 2, name, exact: true })).toBeVisible();
}

/** How an application stands, as whoever made it sees it. */
async function follow(page: Page, stage: Stage, secret: string) {
  const path = `/api/v1/communities/${stage.community}/applications/mine/${secret}`;
  return (await page.request.get(stage.cloud + path, { headers: { "Accept-Language": "ru" } })).json();
}

test("an application is accepted in two keys, and the next one comes by itself", async ({ page, stage }) => {
  const { secret } = await stage.say("apply Ксения Седова 14");
  await stage.say("apply Пётр Седов 14");
  await signIn(page, stage, "administrator");
  await expect(page.getByRole("heading", { level: 1, name: "Входящие" })).toBeVisible();
  await expect(page.getByRole("link", { name: /Входящие.*жд/ })).toBeVisible();
  await isOpenToAll(page);
  await shot(page, "inbox");

  await look(page, "Ксения Седова");
  const photo = page.getByRole("img", { name: "Фотография к заявке: Ксения Седова" });
  await expect.poll(() => photo.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
  const house = page.locator("section", { has: page.getByRole("heading", { name: "Сейчас в доме 14" }) });
  await expect(house.getByRole("listitem").first()).toContainText("собственник");
  await expect(page.getByText("Решение не отменить")).toBeVisible();
  await isOpenToAll(page);
  await shot(page, "application");

  await page.keyboard.press("KeyA");
  await expect(page.getByRole("button", { name: "Принять" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status").filter({ hasText: "Принято: Ксения Седова" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Принять" })).toBeVisible();
  await expect(page.getByRole("heading", { level: 2, name: "Ксения Седова" })).toBeHidden();
  expect(await follow(page, stage, secret)).toMatchObject({ state: "accepted" });
});

test("it is refused in two keys with a usual reason, or with one's own words", async ({ page, stage }) => {
  const usual = await stage.say("apply Глеб Чужой 15");
  const own = await stage.say("apply Глеб Другой 15");
  await signIn(page, stage, "administrator");
  await look(page, "Глеб Чужой");
  await page.keyboard.press("KeyR");
  await expect(page.getByText("Человек увидит причину")).toBeVisible();
  await isOpenToAll(page);
  await shot(page, "refusal");
  await page.keyboard.press("Digit2");
  await expect(page.getByText("Отклонено: Глеб Чужой")).toBeVisible();
  expect(await follow(page, stage, usual.secret)).toMatchObject({
    state: "refused",
    reason: expect.stringContaining("дом указан неверно"),
  });

  await page.getByRole("link", { name: "Ко всем входящим" }).click();
  await look(page, "Глеб Другой");
  await page.getByRole("button", { name: "Отклонить" }).click();
  const words = page.getByRole("textbox", { name: "Другая причина, своими словами" });
  // A digit of one's own words is no key.
  await words.fill("Дом 15 сдан до мая, ");
  await words.press("Digit1");
  await page.getByRole("button", { name: "Отклонить с этой причиной" }).click();
  await expect(page.getByText("Отклонено: Глеб Другой")).toBeVisible();
  expect(await follow(page, stage, own.secret)).toMatchObject({ reason: "Дом 15 сдан до мая, 1" });
});

test("a wrong house is put right with the acceptance", async ({ page, stage }) => {
  await stage.say("apply Вера Ошибкина 16");
  await signIn(page, stage, "administrator");
  await look(page, "Вера Ошибкина");
  await page.getByRole("button", { name: /^Исправить/ }).click();
  const house = page.getByRole("combobox", { name: "Дом", exact: true });
  await house.fill("17");
  await page.getByRole("option", { name: "17", exact: true }).click();
  await page.getByRole("combobox", { name: "Кто в доме" }).selectOption("tenant");
  await expect(page.getByText("Если принять: Вера Ошибкина, дом 17, арендатор")).toBeVisible();
  await page.getByRole("button", { name: "Принять" }).click();
  await expect(page.getByText("Принято: Вера Ошибкина")).toBeVisible();

  await page.goto(`${stage.cloud}/admin/people?search=Ошибкина`);
  const row = page.getByRole("row", { name: /Вера Ошибкина/ });
  await expect(row).toContainText("дом 17, арендатор");
  await expect(row).not.toContainText("16");
});

/** Accepts somebody as whoever owns the house: they stand first, after somebody new. Returns their name. */
async function acceptAsOwner(page: Page, name: string): Promise<string> {
  await look(page, name);
  await page.getByRole("button", { name: /^Исправить/ }).click();
  const who = page.getByRole("combobox", { name: "Кто это" });
  const owner = await who.locator("option").nth(1).textContent();
  await who.selectOption({ index: 1 });
  await page.getByRole("button", { name: "Принять" }).click();
  return owner ?? "";
}

test("who was entered with the place already is accepted into it, and signs in", async ({ page, stage }) => {
  const { secret } = await stage.say("apply Опять Собственник 21");
  await signIn(page, stage, "administrator");
  const owner = await acceptAsOwner(page, "Опять Собственник");
  await expect(page.getByText("Принято: Опять Собственник")).toBeVisible();
  expect(await follow(page, stage, secret)).toMatchObject({ state: "accepted", may_sign_in: true });
  await page.goto(`${stage.cloud}/admin/people?search=${encodeURIComponent(owner)}`);
  const row = page.getByRole("row", { name: new RegExp(owner) });
  await expect(row).toContainText("дом 21, собственник");
  expect((await row.textContent())?.match(/дом 21/g), "once").toHaveLength(1);
});

test("an account that somebody has is not taken from them, and there is a way on", async ({
  page,
  stage,
}) => {
  await stage.say("apply Чужой Вход 12");
  await signIn(page, stage, "administrator");
  const owner = await acceptAsOwner(page, "Чужой Вход");
  await expect(page.getByText("За этого человека уже входит кто-то")).toBeVisible();
  await isOpenToAll(page);
  await page.getByRole("link", { name: "К человеку" }).click();
  await expect(page.getByRole("heading", { level: 1, name: owner })).toBeVisible();
});

test("of two who decide at once the second is told who was first", async ({ page, context, stage }) => {
  await stage.say("apply Двое Решают 18");
  await signIn(page, stage, "administrator");
  await look(page, "Двое Решают");
  const other = await context.newPage();
  // A tab that nothing is told to any more: it has to learn it from the refusal.
  await other.route("**/events", (route) => route.abort());
  await other.goto(page.url());
  await expect(other.getByRole("button", { name: "Принять" })).toBeVisible();

  await page.getByRole("button", { name: "Принять" }).click();
  await expect(page.getByText("Принято: Двое Решают")).toBeVisible();
  await other.getByRole("button", { name: "Отклонить" }).click();
  await other.getByRole("button", { name: "Вы уже подавали такую заявку." }).click();
  await expect(other.getByText(/Заявку уже приняли: .+/)).toBeInViewport();
  await expect(other.getByText(/Заявку принял\(а\) .+/)).toBeVisible();
  await expect(other.getByRole("button", { name: "Отклонить" })).toBeHidden();
  await shot(other, "decided-twice");
});

test("a hub that is away waits there, and nothing does when nothing is wrong", async ({ page, stage }) => {
  await signIn(page, stage, "administrator");
  await stage.say("cut");
  await page.reload();
  const away = page.getByText(/Пост «?.+»? не на связи|Пост не на связи/).first();
  await expect(away).toBeVisible();
  await isOpenToAll(page);
  await shot(page, "inbox-away");
  await stage.say("heal");

  // Everything that waits is decided, until nothing does.
  const list = await page.request.get(`${stage.cloud}/api/v1/communities/${stage.community}/applications`);
  const { applications } = await list.json();
  for (const { name, decision } of applications) {
    if (decision) continue;
    await page.goto(`${stage.cloud}/admin/`);
    await look(page, name);
    await page.keyboard.press("KeyR");
    await expect(page.getByText("Человек увидит причину")).toBeVisible();
    await page.keyboard.press("Digit5");
    await expect(page.getByText(`Отклонено: ${name}`)).toBeVisible();
  }
  await expect(async () => {
    await page.goto(`${stage.cloud}/admin/`);
    await expect(page.getByText("Ничего не ждёт")).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await isOpenToAll(page);
  await shot(page, "inbox-empty");
});

test("on a phone the sections are behind a button, and nothing is cut", async ({ page, stage }) => {
  await stage.say("apply Телефонная Заявка 19");
  await page.setViewportSize({ width: 320, height: 640 });
  const { link } = await stage.say("link administrator");
  await page.goto(link);
  await page.getByRole("button", { name: "Войти" }).click();
  await look(page, "Телефонная Заявка");
  await expect(page.getByRole("button", { name: "Принять" })).toBeVisible();
  const wide = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(await wide()).toBe(0);
  await isOpenToAll(page);
  await shot(page, "application-phone");
  await page.getByRole("button", { name: "Меню" }).click();
  const menu = page.getByRole("dialog");
  await shot(page, "menu-phone");
  await menu.getByRole("link", { name: "Люди" }).click();
  await expect(menu).toBeHidden();
  await expect(page.getByRole("heading", { level: 1, name: "Люди" })).toBeVisible();
  expect(await wide()).toBe(0);
  await isOpenToAll(page);
  await shot(page, "people-phone");

  await page.getByRole("button", { name: "Меню" }).click();
  await menu.getByRole("button", { name: "English" }).click();
  await expect(menu.getByRole("link", { name: "Houses" })).toBeVisible();
  await menu.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/sign-in/);
});
