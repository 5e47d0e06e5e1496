import { expect, shot, signIn, test } from "../stage";
import { arrives } from "./arrives";
import { isSound } from "./fits";

test("my journal: who came, with the picture", async ({ page, stage }) => {
  await arrives(stage, "resident");
  await signIn(page, stage, "resident");
  await page.getByRole("link", { name: "Журнал", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Сегодня" })).toBeVisible();
  const came = page
    .getByRole("listitem")
    .filter({ hasText: /А 714 ОК.*Машина жителя/ })
    .first();
  await expect(came).toContainText("Проезд");
  const picture = came.getByRole("img");
  await expect
    .poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth))
    .toBeGreaterThan(0);
  await isSound(page, "journal");
  await test.step("as large as the screen", async () => {
    await came.getByRole("button").click();
    await expect(page.getByRole("dialog").locator("img")).toBeVisible();
    await shot(page, "journal-picture");
    await page.getByRole("dialog").getByRole("button", { name: "Закрыть" }).click();
  });
  await test.step("a day on which nobody came", async () => {
    await page.getByLabel("День").fill("2020-01-01");
    await expect(page.getByText("В этот день никто не приезжал")).toBeVisible();
    await page.getByRole("button", { name: "Все дни" }).click();
    await expect(came).toBeVisible();
  });
});

test("who looked at what is ours, and what of our visitors is kept", async ({ page, stage, browser }) => {
  await signIn(page, stage, "resident");
  await test.step("an administrator looks at our house", async () => {
    const chair = await browser.newPage();
    const { link } = await stage.say("link administrator");
    const token = link.split("/").pop();
    expect((await chair.request.post(`${stage.cloud}/api/v1/session/link`, { data: { token } })).ok()).toBe(
      true,
    );
    const at = `${stage.cloud}/api/v1/communities/${stage.community}`;
    const { houses } = await (await chair.request.get(`${at}/houses?search=12`)).json();
    const house = houses.find(({ label }: { label: string }) => label === "12");
    expect((await chair.request.get(`${at}/houses/${house.id}/people`)).ok()).toBe(true);
    await chair.close();
  });
  await page.getByRole("link", { name: "Журнал", exact: true }).click();
  await page.getByRole("link", { name: "Кто смотрел" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "Просмотр жильцов дома" }).first()).toContainText(
    "Ольга Белова",
  );
  await isSound(page, "journal-looked");
  await page.getByRole("link", { name: "Что хранить" }).click();
  await page.getByRole("radio", { name: "Только для хозяев" }).check();
  await expect(page.getByText("Сохранено.")).toBeVisible();
  await isSound(page, "journal-kept");
  await page.reload();
  await expect(page.getByRole("radio", { name: "Только для хозяев" })).toBeChecked();
  await page.getByRole("radio", { name: "Хранить", exact: true }).check();
  await expect(page.getByText("Сохранено.")).toBeVisible();
});
