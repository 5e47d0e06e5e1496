import { expect, isOpenToAll, shot, test } from "../stage";
import { gate, latest, place, sign, takePost, type, waiting } from "./guard";

test("without the link the gate works as ever, and the line says that it is cut", async ({ page, stage }) => {
  await takePost(page, stage);
  await stage.say("cut");
  await expect(sign(page, "Интернет")).toContainText("Нет");

  await stage.say("comes resident");
  await expect(latest(page, "А 714 ОК")).toContainText("Впустили");
  await stage.say("drives main");

  await stage.say("comes unknown");
  await waiting(page).getByRole("button", { name: "Спросить дом" }).tap();
  await type(page, "12");
  await page.getByRole("button", { name: "Спросить дом 12" }).tap();
  await expect(waiting(page)).toContainText("ждём ответа из дома 12");
  await shot(page, "cut-asked");
  await waiting(page).getByRole("button", { name: "По телефону: впустить" }).tap();
  await expect(waiting(page)).toBeHidden();
  await expect(latest(page, "К 841 АХ")).toContainText("Впустили");
  await stage.say("drives main");

  await stage.say("comes taxi");
  await waiting(page).getByRole("button", { name: "Не пускать" }).tap();
  await page.getByRole("button", { name: "Ошибся адресом" }).tap();
  await expect(waiting(page)).toBeHidden();
  await expect(latest(page, "АМ 628")).toContainText("Не пустили");
  await stage.say("leaves");

  await place(page, "По звонку").tap();
  await type(page, "9");
  await page.getByLabel("Номер машины").tap();
  await type(page, "К777КК77");
  await page.getByRole("button", { name: "Выписать" }).tap();
  await expect(page.getByRole("heading", { name: "Пропуск выписан" })).toBeVisible();

  await place(page, "Посетитель").tap();
  await type(page, "9");
  await page.getByRole("button", { name: "Мастер: впустить" }).tap();
  await expect(gate(page, "Главный въезд")).toContainText("Открыто");
  await isOpenToAll(page);
  await shot(page, "cut");
  await stage.say("heal");
  await expect(sign(page, "Интернет")).toContainText("Есть", { timeout: 40_000 });
});

test("a hub that is gone is said to be gone, and comes back to the same guard", async ({ page, stage }) => {
  await takePost(page, stage);
  await place(page, "По звонку").tap();
  await type(page, "1");
  await stage.say("kill hub");
  await expect(page.getByRole("heading", { name: "Пост не отвечает" })).toBeVisible();
  await expect(page.getByText("что с воротами, неизвестно")).toBeVisible();
  await expect(page.getByRole("button", { name: "Курьер" })).toBeDisabled();
  await isOpenToAll(page);
  await place(page, "Ворота").tap();
  await expect(gate(page, "Калитка").getByRole("button", { name: "Открыть" })).toBeDisabled();
  await shot(page, "gone");
  await place(page, "Журнал").tap();

  await stage.say("start hub");
  await expect(page.getByRole("heading", { name: "Смена прервалась, войдите снова" })).toBeVisible();
  await shot(page, "sign-in-again");
  await type(page, stage.ready.guards[0].pin);
  await page.getByRole("button", { name: "Войти" }).tap();
  // They are where they were.
  await expect(place(page, "Журнал")).toHaveAttribute("aria-current", "page");
  await expect(page.getByRole("listitem").filter({ hasText: "Программа запущена" }).first()).toBeVisible();
  await place(page, "Ворота").tap();
  await gate(page, "Калитка").getByRole("button", { name: "Открыть" }).tap();
  await expect(gate(page, "Калитка")).toContainText("Открыто");
});
