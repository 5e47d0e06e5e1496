import { expect, test } from "vitest";
import { brokeAgain } from "./Broken";

test("what was kept is to blame for what breaks twice within a minute", () => {
  const kept = new Map<string, string>();
  const store = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  const now = Date.parse("2026-11-26T12:00:00Z");
  expect(brokeAgain(store, now)).toBe(false);
  expect(brokeAgain(store, now + 59_000)).toBe(true);
  expect(brokeAgain(store, now + 200_000)).toBe(false);
});
