import type { Page } from "@playwright/test";
import { expect, type Stage, signIn, test } from "../stage";
import { isFine } from "./fits";

const EVENTS = "toldTelegram";

/** Somebody of the demo's Telegram, as its page plays them. */
class Somebody {
  readonly #stage: Stage;
  readonly #id: number;

  private constructor(stage: Stage, id: number) {
    this.#stage = stage;
    this.#id = id;
  }

  static async named(stage: Stage, first_name: string) {
    return new Somebody(stage, (await play(stage, "users", { first_name })) as number);
  }

  does(verb: string, what: object) {
    return play(this.#stage, `users/${this.#id}/${verb}`, what);
  }

  /** Opens the bot by a link of the settings, and says that it is them. */
  async connects(link: string) {
    await this.does("start", { payload: new URL(link).searchParams.get("start") });
    await expect(async () => {
      await this.does("press", { label: "Да, это я" });
    }).toPass({ timeout: 20_000 });
  }

  /** Where Telegram leads who opens the Mini App: with what it says of them. */
  async opens(path = "/") {
    return (await this.does("open", { url: `${this.#stage.cloud}${path}` })) as string;
  }
}

async function play(stage: Stage, path: string, what: object): Promise<unknown> {
  const answer = await fetch(`${stage.ready.telegram}play/${path}`, {
    method: "POST",
    body: JSON.stringify(what),
  });
  const { result, error } = (await answer.json()) as { result?: unknown; error?: string };
  if (error) throw new Error(`${path}: ${error}`);
  return result;
}

/** Telegram around the page: it hears what it is told, as its programs do. */
async function isWithinTelegram(page: Page) {
  await page.addInitScript((events) => {
    const told: [string, unknown][] = [];
    const postEvent = (name: string, data: string) => told.push([name, JSON.parse(data || "null")]);
    Object.assign(window, { TelegramWebviewProxy: { postEvent }, [events]: told });
  }, EVENTS);
}

type Told = [name: string, data: unknown][];
const told = (page: Page) =>
  page.evaluate((events) => (window as unknown as Record<string, Told>)[events] ?? [], EVENTS);

/** The last that Telegram was told of something. */
const last = async (page: Page, name: string) =>
  (await told(page)).filter(([one]) => one === name).at(-1)?.[1];

/** Telegram tells the page. */
const tells = (page: Page, name: string, data?: unknown) =>
  page.evaluate(
    ([name, data]) => {
      const { Telegram } = window as unknown as {
        Telegram: { WebView: { receiveEvent: (name: unknown, data: unknown) => void } };
      };
      Telegram.WebView.receiveEvent(name, data);
    },
    [name, data],
  );

test("Telegram is connected in the settings, opens the page without a tap, and is disconnected", async ({
  page,
  stage,
  browser,
}) => {
  const anna = await Somebody.named(stage, "Анна");
  await signIn(page, stage, "resident");
  await test.step("a link and a code lead to the bot; the page notices that it was opened", async () => {
    await page.goto(`${stage.cloud}/settings`);
    await page.getByRole("link", { name: "Telegram не подключён" }).click();
    await page.getByRole("button", { name: "Получить ссылку" }).click();
    await expect(page.getByRole("img", { name: "QR-код со ссылкой на бота" })).toBeVisible();
    const link = await page.getByRole("link", { name: "Открыть Telegram" }).getAttribute("href");
    expect(link).toMatch(/^https:\/\/t\.me\/\w+\?start=k-[0-9a-f]{32}$/);
    await isFine(page, "telegram-connect");
    await anna.connects(link ?? "");
    await expect(page.getByText("Анна", { exact: true })).toBeVisible({ timeout: 20_000 });
    await isFine(page, "telegram-connected");
  });

  const device = await browser.newContext({ locale: "ru-RU", viewport: page.viewportSize() });
  const within = await device.newPage();
  await isWithinTelegram(within);
  await test.step("whoever opens it in Telegram is in, and the address keeps nothing of it", async () => {
    await within.goto(await anna.opens());
    await expect(within.getByRole("heading", { level: 1, name: "Ворота" })).toBeVisible();
    expect(new URL(within.url()).hash).toBe("");
    const names = (await told(within)).map(([name]) => name);
    expect(names).toEqual(expect.arrayContaining(["web_app_ready", "web_app_expand"]));
    await isFine(within, "telegram-gates");
  });
  await test.step("its key leads back", async () => {
    expect(await last(within, "web_app_setup_back_button")).toEqual({ is_visible: false });
    await within.getByRole("link", { name: "Пропуска", exact: true }).click();
    await expect(within.getByRole("heading", { level: 1, name: "Пропуска" })).toBeVisible();
    expect(await last(within, "web_app_setup_back_button")).toEqual({ is_visible: true });
    await tells(within, "back_button_pressed");
    await expect(within.getByRole("heading", { level: 1, name: "Ворота" })).toBeVisible();
  });
  await test.step("colours and what is covered follow it", async () => {
    const theme_params = { bg_color: "#17212b", text_color: "#f5f5f5", hint_color: "#b1c3d5" };
    await tells(within, "theme_changed", { theme_params });
    await expect(within.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
    await expect(within.locator("body")).toHaveCSS("background-color", "rgb(23, 33, 43)");
    await expect.poll(() => last(within, "web_app_set_header_color")).toEqual({ color: "#17212b" });
    await tells(within, "safe_area_changed", { top: 40, right: 0, bottom: 20, left: 0 });
    await expect(within.getByRole("navigation")).toHaveCSS("padding-bottom", "20px");
    await isFine(within, "telegram-gates-dark");
  });
  await test.step("the window begins anew, and who was in still is", async () => {
    await within.reload();
    await expect(within.getByRole("heading", { level: 1, name: "Ворота" })).toBeVisible();
  });
  await test.step("the sessions say that it was Telegram; disconnected, it is nobody", async () => {
    await page.goto(`${stage.cloud}/settings/sessions`);
    await expect(page.getByText(/Через Telegram/)).toBeVisible();
    await page.goto(`${stage.cloud}/settings/telegram`);
    await page.getByRole("button", { name: "Отключить" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Отключить" }).click();
    await expect(page.getByRole("button", { name: "Получить ссылку" })).toBeVisible();
    await within.reload();
    await expect(within.getByText("откройте его из бота ещё раз")).toBeVisible();
    await isFine(within, "telegram-open-again");
    await within.getByRole("button", { name: "Закрыть окно" }).click();
    expect((await told(within)).map(([name]) => name)).toContain("web_app_close");
  });
  await device.close();
});

test("whom the bot does not know, or who comes too late, is told what to do", async ({ page, stage }) => {
  const stranger = await Somebody.named(stage, "Пётр");
  await isWithinTelegram(page);
  await page.goto(await stranger.opens());
  await expect(page.getByRole("alert")).toContainText("Откройте бота и нажмите «Начать»");
  await isFine(page, "telegram-unknown");
  await page.getByRole("button", { name: "Открыть бота" }).click();
  const bot = await last(page, "web_app_open_tg_link");
  expect(bot).toEqual({ path_full: expect.stringMatching(/^\/\w+\?start$/) });
  await page.getByRole("button", { name: "Войти иначе" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Вход" })).toBeVisible();

  await test.step("in English, and what was changed on the way", async () => {
    const forged = (await stranger.opens()).replace("%2522id%2522%253A", "%2522id%2522%253A1");
    await page.evaluate(() => localStorage.setItem("language", "en"));
    await page.goto("about:blank");
    await page.goto(forged);
    await expect(page.getByRole("alert")).toContainText("Telegram did not confirm that it is you");
    await expect(page.getByRole("button", { name: "Close the window" })).toBeVisible();
  });
});

test("who signs out in Telegram leaves its window", async ({ page, stage }) => {
  const vera = await Somebody.named(stage, "Вера");
  const { link } = await stage.say("telegram tenant");
  await vera.connects(link);
  await isWithinTelegram(page);
  await page.goto(await vera.opens("/settings"));
  await page.getByRole("button", { name: "Выйти" }).click();
  await expect.poll(async () => (await told(page)).map(([name]) => name)).toContain("web_app_close");
  const session = await page.evaluate(async () => (await fetch("/api/v1/session")).json());
  expect(session.account).toBeNull();
});
