import { expect, isOpenToAll, shot, test } from "../stage";
import { enterPin, gate, place, sign, takePost, type } from "./guard";

test("a guard signs in with big keys, and a wrong PIN is said to be one", async ({ page, stage }) => {
  await page.goto(stage.kiosk);
  await expect(page.getByRole("heading", { name: "Кто на посту?" })).toBeVisible();
  await isOpenToAll(page);
  await page.getByRole("button", { name: "Пётр" }).tap();
  await type(page, "0000");
  await page.getByRole("button", { name: "Войти" }).tap();
  await expect(page.getByRole("alert")).toContainText("PIN не подходит");
  await expect(page.getByLabel("PIN")).toHaveValue("");
  await isOpenToAll(page);
  await shot(page, "sign-in");
  await enterPin(page, stage, "Пётр", "Войти");
});

test("a visitor is let in by hand with four taps", async ({ page, stage }) => {
  await takePost(page, stage);
  await page.evaluate(() => {
    addEventListener(
      "click",
      () => {
        document.body.dataset.taps = String(Number(document.body.dataset.taps ?? 0) + 1);
      },
      true,
    );
  });
  await place(page, "Посетитель").tap();
  await type(page, "12");
  await expect(page.getByText("Андрей Козлов")).toBeVisible();
  await shot(page, "visitor");
  await page.getByRole("button", { name: "Курьер: впустить" }).tap();
  await expect(place(page, "Ворота")).toHaveAttribute("aria-current", "page");
  expect(await page.locator("body").getAttribute("data-taps")).toBe("4");
  await expect(gate(page, "Главный въезд")).toContainText("Открыто");
  await expect(page.locator(".latest")).toContainText("Курьер");
});

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
