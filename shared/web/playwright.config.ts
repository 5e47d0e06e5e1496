/** Browser stories: each page in a real browser, over the demo's real cloud, hub and gates. */
import { defineConfig, devices } from "@playwright/test";

const chromium = {
  launchOptions: {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"],
  },
};
const touch = (width: number, height: number) => ({
  viewport: { width, height },
  hasTouch: true,
  locale: "ru-RU",
  ...chromium,
});

export default defineConfig({
  testDir: "stories",
  testMatch: "**/*.story.ts",
  outputDir: "stories/.out/results",
  // A demo for each worker, and its stories one after another: they are about one settlement.
  workers: 1,
  // A busy machine reads plates badly: a story may begin anew, once, on another stage, and is told as flaky.
  retries: 1,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [["list"]],
  use: {
    locale: "ru-RU",
    timezoneId: "Europe/Moscow",
    trace: "retain-on-first-failure",
    actionTimeout: 30_000,
    // What fades is measured when it has faded.
    contextOptions: { reducedMotion: "reduce" },
  },
  projects: [
    {
      name: "phone",
      testMatch: "resident/*.story.ts",
      use: { ...devices["Pixel 7"], locale: "ru-RU", ...chromium },
    },
    // Where a newcomer talks to the bot without Telegram.
    {
      name: "telegram",
      testMatch: "telegram/*.story.ts",
      use: { ...devices["Pixel 7"], locale: "ru-RU", ...chromium },
    },
    {
      name: "desk",
      testMatch: "admin/*.story.ts",
      use: { viewport: { width: 1440, height: 900 }, ...chromium },
    },
    { name: "touch", testMatch: "guard/*.story.ts", use: touch(1280, 800) },
    // What every shift does, where room is short.
    { name: "small-touch", testMatch: "guard/shift.story.ts", use: touch(800, 480) },
  ],
});
