/** Gates and hubs: as they are, the line cut and mended, a new Pi that comes, and one that is revoked. */
import { expect, isOpenToAll, shot, signIn, test } from "../stage";
import { Pi } from "./pi";

test("gates and hubs as they are, a new one that comes, and one that is revoked", async ({ page, stage }) => {
  await signIn(page, stage, "administrator");
  await page.goto(`${stage.cloud}/admin/gates`);
  const gates = page.locator("section", { has: page.getByRole("heading", { name: "Ворота", exact: true }) });
  const entrance = page.getByRole("article").filter({ hasText: "Въезд" });

  await test.step("they are connected, and in step", async () => {
    await expect(gates.getByRole("listitem").filter({ hasText: "Главный въезд" })).toContainText("на связи");
    await expect(entrance).toContainText("dwellers-hub 0.1.0");
    await expect(entrance).toContainText("всё, что есть в облаке, лежит и на посту");
    await expect(entrance.getByText(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/)).toBeVisible();
    await isOpenToAll(page);
    await shot(page, "gates");
  });

  await test.step("the line is cut: it is said, and by itself that it is mended", async () => {
    await stage.say("cut");
    await expect(entrance.getByText("нет связи")).toBeVisible();
    await expect(gates.getByText("нет связи")).toHaveCount(2);
    await shot(page, "gates-away");
    await stage.say("heal");
    await expect(entrance.getByText("на связи")).toBeVisible();
  });

  const pi = await Pi.start();
  try {
    await test.step("a code is shown big, typed at a new Pi, and the Pi is seen to come", async () => {
      await page.getByRole("textbox", { name: "Название поста" }).fill("Запасной");
      await page.getByRole("button", { name: "Получить код" }).click();
      const command = page.getByText(/^dwellers-hub enroll http/);
      await expect(page.getByText(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/)).toBeVisible();
      await expect(page.getByText(/Действует до \d\d:\d\d/)).toBeVisible();
      await isOpenToAll(page);
      await shot(page, "gates-code");
      const answered = await pi.type((await command.textContent()) ?? "");
      await expect(page.getByText("Пост «Запасной» подключился.")).toBeVisible();
      const fingerprint = await page.locator(".enrol-code").textContent();
      expect(answered).toContain(fingerprint);
      await page.getByRole("button", { name: "Совпадает" }).click();
    });

    await test.step("a name that is taken is refused beside the field, and stays in it", async () => {
      const name = page.getByRole("textbox", { name: "Название поста" });
      await name.fill("Запасной");
      await page.getByRole("button", { name: "Получить код" }).click();
      await expect(name).toHaveAttribute("aria-invalid", "true");
      await expect(name).toHaveValue("Запасной");
    });

    await test.step("revoking asks once, says what it means, and the Pi that still tries is an alarm", async () => {
      const spare = page.getByRole("article").filter({ hasText: "Запасной" });
      await spare.getByRole("button", { name: "Отключить" }).click();
      const dialog = page.getByRole("dialog", { name: "Отключить пост «Запасной» навсегда?" });
      await expect(dialog).toContainText("никогда не подключится");
      await isOpenToAll(page);
      await shot(page, "gates-revoke");
      await dialog.getByRole("button", { name: "Отключить навсегда" }).click();
      await expect(dialog).toBeHidden();
      await expect(spare).toBeHidden();
      await page.getByText("Отключён 1 пост").click();
      await expect(page.getByRole("listitem").filter({ hasText: "Запасной · отключён" })).toBeVisible();
    });
  } finally {
    await pi.end();
  }
});
