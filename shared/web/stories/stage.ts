/**
 * The stage that stories play on: the demo with its real cloud, hub, gates and cameras, driven by words (`cargo xtask demo`,
 * `help`). A worker has one, for all of its stories; it is gone with the worker.
 *
 * Whatever a page does, it runs no script of strangers, asks no other host, and throws nothing: each story fails for it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";

export { expect } from "@playwright/test";

export const PROGRAMS =
  process.env.DWELLERS_PROGRAMS ?? new URL("../../../target/debug", import.meta.url).pathname;
const DEMO = `${PROGRAMS}/dwellers-demo`;
const SHOTS = new URL(".out/shots/", import.meta.url).pathname;

// biome-ignore lint/suspicious/noExplicitAny: facts are whatever a word tells, and a story that reads them wrong fails.
type Facts = Record<string, any>;

/** A demo that runs. */
export class Stage {
  readonly ready: Facts;
  readonly cloud: string;
  readonly kiosk: string;
  readonly community: string;
  readonly #lines: AsyncIterator<string>;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, lines: AsyncIterator<string>, ready: Facts) {
    this.#child = child;
    this.#lines = lines;
    this.ready = ready;
    this.cloud = ready.cloud;
    this.kiosk = ready.kiosk;
    this.community = ready.community;
  }

  static async start(): Promise<Stage> {
    const child = spawn(DEMO, ["--json", "--port", "0"], { stdio: ["pipe", "pipe", "inherit"] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const { value, done } = await lines.next();
    if (done) throw new Error(`${DEMO} has ended before it was ready`);
    return new Stage(child, lines, JSON.parse(value));
  }

  /** Says a word, and what became of it; fails where it could not be done. */
  async say(word: string): Promise<Facts> {
    this.#child.stdin?.write(`${word}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`the demo has ended at «${word}»`);
    const facts = JSON.parse(value);
    expect(facts, word).toMatchObject({ ok: true });
    return facts;
  }

  async end() {
    const ended = once(this.#child, "exit");
    this.#child.stdin?.end();
    await ended;
  }
}

let browsers = 0;

export const test = base.extend<{ mannered: undefined }, { stage: Stage }>({
  // Each browser comes from an address of its own: what the cloud takes from one address is bounded.
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from it what a fixture needs.
  extraHTTPHeaders: async ({}, use) => {
    browsers += 1;
    await use({ "X-Forwarded-For": `10.${process.pid & 255}.${browsers >> 8}.${browsers & 255}` });
  },
  stage: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from it what a fixture needs.
    async ({}, use) => {
      const stage = await Stage.start();
      await use(stage);
      await stage.end();
    },
    { scope: "worker", timeout: 180_000 },
  ],
  mannered: [
    async ({ context, stage }, use) => {
      const own = [stage.cloud, stage.kiosk, stage.ready.telegram];
      const wrong: string[] = [];
      context.on("request", (request) => {
        const url = request.url();
        const is =
          url.startsWith("data:") || url.startsWith("blob:") || own.some((host) => url.startsWith(host));
        if (!is) wrong.push(`a request to ${url}`);
      });
      context.on("weberror", (error) => wrong.push(`thrown: ${error.error().message}`));
      context.on("console", (message) => {
        if (/Content Security Policy/.test(message.text())) wrong.push(message.text());
      });
      await use(undefined);
      expect(wrong).toEqual([]);
    },
    { auto: true },
  ],
});

/** Somebody comes in by a link of their own: `resident`, `tenant`, `family`, `administrator`, a house's number, a name. */
export async function signIn(page: Page, stage: Stage, who: string) {
  const { link } = await stage.say(`link ${who}`);
  await page.goto(link);
  await page.getByRole("button", { name: /^(Войти|Enter)$/ }).click();
  await expect(page.getByRole("navigation")).toBeVisible();
}

/** Nothing that keeps anybody out, by the rules of WCAG 2.2 that a program can check. */
export async function isOpenToAll(page: Page) {
  await page.evaluate(() => {
    const ends = document
      .getAnimations()
      .filter((one) => one.effect?.getComputedTiming().endTime !== Infinity);
    return Promise.allSettled(ends.map((one) => one.finished)).then(() => undefined);
  });
  const { violations } = await new AxeBuilder({ page }).analyze();
  const told = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`,
  );
  expect(told).toEqual([]);
}

/** A picture to look at, once nothing moves. */
export async function shot(page: Page, name: string) {
  const { project } = test.info();
  await page.screenshot({ path: `${SHOTS}${project.name}-${name}.png`, animations: "disabled" });
}
