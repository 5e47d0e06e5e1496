/** The text that people agree to: its versions, who agreed, and what was signed on paper. */
import { expect, isOpenToAll, shot, signIn, test } from "../stage";

test("the next version is seen before it goes out, and everybody is asked again", async ({ page, stage }) => {
  await signIn(page, stage, "administrator");
  await page.goto(`${stage.cloud}/admin/consents`);
  const heading = page.getByRole("heading", { name: /Действует версия \d+/ });
  await expect(heading).toBeVisible();
  const number = Number(/\d+/.exec((await heading.textContent()) ?? "")?.[0]);
  const publish = page.getByRole("button", { name: "Посмотреть и опубликовать" });
  await expect(publish).toBeDisabled();
  await isOpenToAll(page);
  await shot(page, "consents");

  await test.step("it is shown in both languages, with what it means", async () => {
    await page.getByRole("textbox", { name: "Текст по-русски" }).fill("Я согласен.\nС новым текстом.");
    await page.getByRole("textbox", { name: "Текст по-английски" }).fill("I agree.\nTo the new text.");
    await publish.click();
    const dialog = page.getByRole("dialog", { name: `Опубликовать версию ${number + 1}?` });
    await expect(dialog).toContainText("спросят заново");
    await expect(dialog).toContainText("С новым текстом.");
    await expect(dialog).toContainText("To the new text.");
    await isOpenToAll(page);
    await shot(page, "consents-publish");
    await dialog.getByRole("button", { name: "Опубликовать" }).click();
    await expect(page.getByRole("heading", { name: `Действует версия ${number + 1}` })).toBeVisible();
    await expect(page.getByText(new RegExp(`^Версия ${number}, `)).first()).toBeVisible();
  });

  await test.step("who was quicker is told, and what was typed is not lost", async () => {
    const typed = page.getByRole("textbox", { name: "Текст по-русски" });
    await typed.fill("Я согласен и с этим.");
    // Another administrator publishes meanwhile, as this browser would.
    const other = await page.request.post(
      `${stage.cloud}/api/v1/communities/${stage.community}/consents/texts`,
      {
        headers: { Origin: stage.cloud },
        data: { after: number + 1, ru: "Быстрее.", en: "Quicker." },
      },
    );
    expect(other.status()).toBe(201);
    await publish.click();
    await page.getByRole("dialog").getByRole("button", { name: "Опубликовать" }).click();
    await expect(page.getByRole("dialog").getByRole("alert")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("heading", { name: `Действует версия ${number + 2}` })).toBeVisible();
    await expect(typed).toHaveValue("Я согласен и с этим.");
  });

  await test.step("what was signed on paper is entered, shows with its version, and is taken back", async () => {
    const paper = page.locator("section", {
      has: page.getByRole("heading", { name: "Подписано на бумаге" }),
    });
    const choose = async () => {
      const who = paper.getByLabel("Кто подписал").first();
      await who.click();
      await who.fill("Андрей Козлов");
      await page.getByRole("option", { name: /· 12$/ }).click();
    };
    await choose();
    await paper.getByRole("button", { name: `Подписано согласие с версией ${number + 2}` }).click();
    await expect(paper.getByText("Согласие внесено.")).toBeVisible();
    const given = page
      .getByRole("listitem")
      .filter({ hasText: "Андрей Козлов" })
      .filter({ hasText: `Версия ${number + 2}` });
    await expect(given).toContainText("на бумаге");
    await choose();
    await paper.getByRole("button", { name: "Подписан отзыв согласия" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Внести отзыв" }).click();
    await expect(given).toContainText("Отозвано");
    await isOpenToAll(page);
    await shot(page, "consents-given");
  });
});
