import type { Page } from "@playwright/test";
import { expect, shot, signIn, test } from "../stage";
import { isSound } from "./fits";

/** What lies in this browser of what was read. */
const kept = (page: Page) =>
  page.evaluate(async () => {
    const opened = indexedDB.open("dwellers");
    await new Promise((resolve) => opened.addEventListener("success", resolve));
    const asked = opened.result.transaction("kept").objectStore("kept").get("answers");
    await new Promise((resolve) => asked.addEventListener("success", resolve));
    return String(asked.result ?? "");
  });

const isApp = (page: Page) =>
  page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    return active?.state;
  });

test("it opens without a connection, with the last known passes, and says so", async ({
  page,
  stage,
  context,
}) => {
  await signIn(page, stage, "25");
  await page.getByRole("button", { name: "Такси сейчас" }).click();
  await page.getByRole("button", { name: "Ждём такси" }).click();
  await page.getByRole("link", { name: "Пропуска", exact: true }).click();
  await expect(page.getByRole("link", { name: /^Такси/ }).first()).toBeVisible();
  await expect.poll(() => isApp(page)).toBe("activated");
  await expect.poll(() => kept(page)).toContain("/houses/{house}/passes");
  await expect.poll(() => kept(page)).toContain("taxi");
  expect(await kept(page)).not.toContain("/journal");

  await context.setOffline(true);
  await page.goto(`${stage.cloud}/passes`);
  await expect(page.getByText("Нет связи.")).toBeVisible();
  await expect(page.getByText(/Показано то, что было известно: сегодня/)).toBeVisible();
  await expect(page.getByRole("link", { name: /^Такси/ }).first()).toBeVisible();
  await isSound(page, "offline-passes");
  await test.step("the gates are there, and pages that were never opened", async () => {
    await page.getByRole("link", { name: "Ворота", exact: true }).click();
    await expect(page.getByText("Главный въезд").first()).toBeVisible();
    await shot(page, "offline-gates");
    await page.goto(`${stage.cloud}/settings/sessions`);
    await expect(page.getByRole("alert")).toContainText("Сервер не отвечает");
  });
  await context.setOffline(false);
  await page.goto(`${stage.cloud}/passes`);
  await expect(page.getByRole("link", { name: /^Такси/ }).first()).toBeVisible();
  await expect(page.getByText("Нет связи.")).toHaveCount(0);
});

test("what is kept is the account's, and gone when it leaves", async ({ page, stage, context }) => {
  const { name } = await stage.say("link 26");
  await signIn(page, stage, "26");
  await expect.poll(() => isApp(page)).toBe("activated");
  await expect.poll(() => kept(page)).toContain(name);
  await page.goto(`${stage.cloud}/settings`);
  await page.getByRole("button", { name: "Выйти" }).click();
  await expect(page.getByRole("heading", { name: "Вход", level: 1 })).toBeVisible();
  await expect.poll(() => kept(page)).not.toContain(name);
  await context.setOffline(true);
  await page.goto(`${stage.cloud}/passes`);
  await expect(page.getByText(name)).toHaveCount(0);
  await context.setOffline(false);
  await test.step("another who signs in sees nothing of it", async () => {
    await signIn(page, stage, "27");
    await expect.poll(() => kept(page)).toContain("/gates");
    expect(await kept(page)).not.toContain(name);
  });
});

test("it can be installed, and its messages lead to what they are about", async ({
  page,
  stage,
  context,
}) => {
  await context.grantPermissions(["notifications"], { origin: stage.cloud });
  await signIn(page, stage, "28");
  await expect.poll(() => isApp(page)).toBe("activated");
  const devtools = await context.newCDPSession(page);
  await test.step("nothing keeps the browser from installing it", async () => {
    const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
    // Here each browser begins empty, which is a private window to it.
    expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito")).toEqual(
      [],
    );
  });
  await test.step("a message is shown as it was told", async () => {
    const registered = new Promise<string>((resolve) => {
      devtools.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
        const [ours] = registrations.filter(({ scopeURL }) => scopeURL.startsWith(stage.cloud));
        if (ours) resolve(ours.registrationId);
      });
    });
    await devtools.send("ServiceWorker.enable");
    const message = {
      tag: "one",
      title: "К вам приехали",
      text: "Машина А 123 ВС 77. Впустить?",
      link: `${stage.cloud}/communities/${stage.community}/questions/01M8`,
      urgent: true,
    };
    const registrationId = await registered;
    const deliver = () =>
      devtools.send("ServiceWorker.deliverPushMessage", {
        origin: stage.cloud,
        registrationId,
        data: JSON.stringify(message),
      });
    const shown = () =>
      page.evaluate(async () => {
        const { getNotifications } = await navigator.serviceWorker.ready.then((ready) => ({
          getNotifications: () => ready.getNotifications(),
        }));
        return (await getNotifications()).map(({ title, body, data }) => ({ title, body, data }));
      });
    const data = `/communities/${stage.community}/questions/01M8`;
    // A browser may lose one that comes while the worker begins; a second takes the place of the first.
    await expect(async () => {
      await deliver();
      await expect
        .poll(shown, { timeout: 3_000 })
        .toEqual([{ title: message.title, body: message.text, data }]);
    }).toPass({ timeout: 30_000 });
  });
  await test.step("where it leads", async () => {
    await page.goto(`${stage.cloud}/communities/${stage.community}/questions/01M8`);
    await expect(page).toHaveURL(`${stage.cloud}/`);
    await expect(page.getByRole("heading", { name: "Ворота" })).toBeVisible();
    await page.goto(`${stage.cloud}/communities/${stage.community}/passes/01M8`);
    await expect(page).toHaveURL(`${stage.cloud}/passes/01M8`);
  });
});
