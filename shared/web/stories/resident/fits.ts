import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { isOpenToAll, shot } from "../stage";

/** Open to all in both themes, and nothing runs out of a narrow screen or a wide one; a picture of each. */
export async function isSound(page: Page, name: string) {
  await isOpenToAll(page);
  await shot(page, name);
  const before = page.viewportSize();
  const over = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  await page.setViewportSize({ width: 1280, height: 800 });
  await expect.poll(over, `${name} on a desk`).toBeLessThanOrEqual(0);
  await shot(page, `${name}-desk`);
  await page.setViewportSize({ width: 320, height: 700 });
  await page.emulateMedia({ colorScheme: "dark" });
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
  // Colours that are on their way are neither.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
  await expect.poll(over, `${name} at 320 pixels`).toBeLessThanOrEqual(0);
  // Of all the rules, the one that the dark can break.
  const { violations } = await new AxeBuilder({ page }).withRules(["color-contrast"]).analyze();
  expect(violations.flatMap(({ nodes }) => nodes.map(({ target }) => target.join(" ")))).toEqual([]);
  await shot(page, `${name}-narrow-dark`);
  await page.emulateMedia({ colorScheme: null });
  if (before) await page.setViewportSize(before);
}

/** The same, sooner: by day, and a picture of the narrow screen. For the many pages that are made of the same parts. */
export async function isFine(page: Page, name: string) {
  await isOpenToAll(page);
  const before = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 700 });
  const over = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  await expect.poll(over, `${name} at 320 pixels`).toBeLessThanOrEqual(0);
  await shot(page, name);
  if (before) await page.setViewportSize(before);
}
