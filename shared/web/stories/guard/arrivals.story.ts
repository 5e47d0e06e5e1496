import { expect, isOpenToAll, shot, test } from "../stage";
import { gate, latest, place, takePost, type, waiting } from "./guard";

test("a house is asked about a stranger, and a resident lets them in", async ({ page, stage, browser }) => {
  await takePost(page, stage);
  await stage.say("comes unknown");
  await expect(waiting(page)).toContainText("нет в списках");
  await shot(page, "stranger");
  await waiting(page).getByRole("button", { name: "Спросить дом" }).tap();
  await type(page, "12");
  await shot(page, "which-house");
  await page.getByRole("button", { name: "Спросить дом 12" }).tap();
  await expect(waiting(page)).toContainText(/\d:\d\d ждём ответа из дома 12/);
  await expect(waiting(page)).toContainText("+7 900 000-10-12");
  await isOpenToAll(page);
  await shot(page, "asked");

  const resident = await browser.newContext();
  const { link } = await stage.say("link resident");
  const token = new URL(link).hash.slice(1) || link.split("/").at(-1);
  const session = await resident.request.post(`${stage.cloud}/api/v1/session/link`, { data: { token } });
  expect(session.ok(), await session.text()).toBe(true);
  const questions = `${stage.cloud}/api/v1/communities/${stage.community}/questions`;
  const id = async () => (await (await resident.request.get(questions)).json()).questions?.[0]?.id;
  await expect.poll(id).toBeTruthy();
  await resident.request.post(`${questions}/${await id()}/answer`, { data: { allow: true } });
  await resident.close();

  await expect(waiting(page)).toBeHidden();
  await expect(latest(page, "К 841 АХ")).toContainText("Впустили");
  await expect(gate(page, "Главный въезд")).toContainText("Открыто");
  await shot(page, "answered");
  await stage.say("drives main");
});

test("a house that does not answer is called, and its word is written down", async ({ page, stage }) => {
  await takePost(page, stage);
  const { entry } = await stage.say("comes plumber");
  await expect(waiting(page)).toBeVisible();
  // The shortest time that a question may have: a story has no minute.
  const house = stage.ready.houses["14"];
  const asked = await page.request.post(`${stage.kiosk}/api/arrivals/${entry}/ask`, {
    data: { house, timeout_ms: 10_000 },
  });
  expect(asked.ok(), await asked.text()).toBe(true);
  await expect(waiting(page)).toContainText("Дом 14 не ответил. Позвоните:");
  await expect(waiting(page)).toContainText("+7 900 000-10-14");
  await isOpenToAll(page);
  await shot(page, "silent-house");
  await waiting(page).getByRole("button", { name: "По телефону: не пускать" }).tap();
  await expect(waiting(page)).toBeHidden();
  await expect(latest(page, "Н 076 ВМ")).toContainText("Не пустили");
  await stage.say("leaves");
});

test("somebody is sent away with a reason, which the journal keeps", async ({ page, stage }) => {
  await takePost(page, stage);
  await stage.say("comes taxi");
  await waiting(page).getByRole("button", { name: "Не пускать" }).tap();
  await isOpenToAll(page);
  await shot(page, "refuse");
  await page.getByRole("button", { name: "Ошибся адресом" }).tap();
  await expect(waiting(page)).toBeHidden();
  await stage.say("leaves");
  await place(page, "Журнал").tap();
  const line = page.getByRole("listitem").filter({ hasText: "Охранник не пропустил" }).first();
  await expect(line).toContainText("АМ 628");
  await expect(line).toContainText("Ошибся адресом");
  await page.getByRole("button", { name: "Найти номер" }).tap();
  await type(page, "628");
  await expect(page.getByRole("listitem").filter({ hasText: "Смена принята" })).toHaveCount(0);
  await expect(line).toBeVisible();
  await isOpenToAll(page);
  await shot(page, "journal");
});
