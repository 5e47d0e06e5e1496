import { expect, isOpenToAll, shot, test } from "../stage";
import { enterPin, gate, place, sign, takePost, type } from "./guard";

test("a pass on a house's call, and who comes on it is found and let in", async ({ page, stage }) => {
  await takePost(page, stage);
  await place(page, "По звонку").tap();
  await type(page, "7");
  await page.getByLabel("Номер машины").tap();
  await type(page, "М001ММ77");
  await isOpenToAll(page);
  await shot(page, "telephone");
  await page.getByRole("button", { name: "Выписать" }).tap();
  await expect(page.getByRole("heading", { name: "Пропуск выписан" })).toBeVisible();
  await expect(page.getByText("М 001 ММ")).toBeVisible();
  await shot(page, "issued");

  await place(page, "Кого ждут").tap();
  await page.getByRole("button", { name: "Номер, дом или имя" }).tap();
  await type(page, "М00");
  const pass = page.getByRole("listitem").filter({ hasText: "М 001 ММ" });
  await expect(page.getByRole("region", { name: "Найденное" }).getByRole("listitem")).toHaveCount(1);
  await isOpenToAll(page);
  await shot(page, "expected");
  await pass.getByRole("button", { name: "Впустить" }).tap();
  await expect(sign(page, "Главный въезд")).toContainText("Открыто");
  // It was for one entry.
  await expect(page.getByText("Такого не ждут")).toBeVisible();
});

test("a gate is held and let go, and a double tap opens once", async ({ page, stage }) => {
  await takePost(page, stage);
  const wicket = gate(page, "Калитка");
  await wicket.getByRole("button", { name: "Держать" }).tap();
  await expect(wicket).toContainText("Удерживается открытым");
  await expect(wicket).toContainText(/Семён, с \d\d:\d\d/);
  await expect(sign(page, "Калитка")).toContainText("Держат");
  await shot(page, "held");
  await wicket.getByRole("button", { name: "Не держать" }).tap();
  await expect(wicket).toContainText("Закрыто");

  const openings = async () => {
    const journal = await page.request.get(`${stage.kiosk}/api/journal?limit=100`);
    const { entries } = await journal.json();
    return entries.filter(
      (entry: { kind: string; gate_name: string }) =>
        entry.kind === "decided" && entry.gate_name === "Калитка",
    ).length;
  };
  const before = await openings();
  await wicket.getByRole("button", { name: "Открыть" }).dblclick();
  await expect(wicket).toContainText("Открыто");
  await expect.poll(openings).toBe(before + 1);
  await expect(wicket).toContainText("Закрыто");
  expect(await openings()).toBe(before + 1);
});

test("houses are found by number and by name, with whom to call", async ({ page, stage }) => {
  await takePost(page, stage);
  await place(page, "Дома").tap();
  await type(page, "12");
  await expect(page.getByRole("listitem").filter({ hasText: "дом 12" }).first()).toContainText(
    "+7 900 000-10-12",
  );
  await isOpenToAll(page);
  await shot(page, "houses");
  await page.getByRole("button", { name: "Стереть", exact: true }).tap();
  await page.getByRole("button", { name: "Буквы" }).tap();
  await type(page, "морозов");
  await expect(page.getByRole("listitem").filter({ hasText: "дом 7" }).first()).toContainText(
    "Борис Морозов",
  );
  await shot(page, "houses-by-name");
});

test("the next guard takes over by PIN and reads the note", async ({ page, stage }) => {
  await takePost(page, stage);
  await place(page, "Смена").tap();
  await expect(page.getByRole("heading", { name: "На смене Семён" })).toBeVisible();
  await isOpenToAll(page);
  await page.getByRole("button", { name: "Сдать смену" }).tap();
  await page.getByRole("button", { name: "Пётр" }).tap();
  await type(page, "шлагбаум скрипит");
  await isOpenToAll(page);
  await shot(page, "note");
  await page.getByRole("button", { name: "Дальше" }).tap();
  await shot(page, "takes-over");
  await enterPin(page, stage, "Пётр", "Принять смену");
  await place(page, "Смена").tap();
  await expect(page.getByRole("heading", { name: "На смене Пётр" })).toBeVisible();
  await expect(page.getByText("Шлагбаум скрипит")).toBeVisible();
  await shot(page, "shift");
});

test("by night the screen is dark, and it speaks English", async ({ page, stage }) => {
  await takePost(page, stage);
  const html = page.locator("html");
  // Which of both it is, the hour says.
  const was = await html.getAttribute("data-mantine-color-scheme");
  if (was === "light") await page.getByRole("button", { name: "Тёмный экран" }).tap();
  await expect(html).toHaveAttribute("data-mantine-color-scheme", "dark");
  await isOpenToAll(page);
  await place(page, "Смена").tap();
  await page.getByRole("button", { name: "English" }).tap();
  await expect(page.getByRole("heading", { name: "Семён is on duty" })).toBeVisible();
  await place(page, "Gates").tap();
  await expect(gate(page, "Калитка")).toContainText("Closed");
  await isOpenToAll(page);
  await shot(page, "night-english");
});

test("the sound is turned off for as long as the guard wants", async ({ page, stage }) => {
  await takePost(page, stage);
  await page.getByRole("button", { name: "Выключить звук" }).tap();
  await page.reload();
  await page.getByRole("button", { name: "Включить звук" }).tap();
  await expect(page.getByRole("button", { name: "Выключить звук" })).toBeVisible();
});

test("an answer that was lost is asked for again, and written down once", async ({ page, stage }) => {
  await takePost(page, stage);
  await place(page, "Посетитель").tap();
  await type(page, "9");
  let lost = 0;
  await page.route(
    "**/api/visitors",
    async (route) => {
      lost += 1;
      await route.fetch();
      await route.abort();
    },
    { times: 1 },
  );
  const entries = async () => {
    const { entries } = await (await page.request.get(`${stage.kiosk}/api/journal?limit=100`)).json();
    return entries.filter((entry: { name: string }) => entry.name === "Мастер").length;
  };
  const before = await entries();
  const letIn = page.getByRole("button", { name: "Мастер: впустить" });
  await letIn.tap();
  await expect(page.getByRole("alert")).toBeVisible();
  expect(lost).toBe(1);
  await expect(letIn).toHaveAttribute("aria-disabled", "false");
  await letIn.tap();
  await expect(place(page, "Ворота")).toHaveAttribute("aria-current", "page");
  expect(await entries()).toBe(before + 1);
});
