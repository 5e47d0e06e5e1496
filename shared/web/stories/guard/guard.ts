/** What a guard does at the touchscreen, in every story. */
import { expect, type Locator, type Page } from "@playwright/test";
import type { Stage } from "../stage";

/** Signs in with big keys. */
export async function takePost(page: Page, stage: Stage, name = "Семён") {
  await page.goto(stage.kiosk);
  await page.getByRole("button", { name }).tap();
  await enterPin(page, stage, name, "Войти");
}

export async function enterPin(page: Page, stage: Stage, name: string, confirm: string) {
  const guard = stage.ready.guards.find((guard: { name: string }) => guard.name === name);
  await type(page, guard.pin);
  await page.getByRole("button", { name: confirm }).tap();
  await expect(place(page, "Ворота")).toHaveAttribute("aria-current", "page");
}

/** By the keys on the screen. */
export async function type(page: Page, text: string) {
  const keys = page.getByRole("group", { name: "Клавиши" });
  for (const key of text) {
    await keys.getByRole("button", { name: key === " " ? "Пробел" : key, exact: true }).tap();
  }
}

export const place = (page: Page, name: string): Locator =>
  page.getByRole("navigation").getByRole("button", { name });

/** Whoever waits, and what can be done about them. */
export const waiting = (page: Page): Locator => page.locator(".waiting");

export const gate = (page: Page, name: string): Locator => page.getByRole("region", { name, exact: true });

/** Somebody of the latest arrivals, the newest of those with that plate. */
export const latest = (page: Page, plate: string): Locator =>
  page.locator(".latest").getByRole("listitem").filter({ hasText: plate }).first();

/** What stands in the line above. */
export const sign = (page: Page, name: string): Locator =>
  page.getByRole("banner").getByRole("listitem").filter({ hasText: name });
