import { expect, test } from "vitest";
import { isDay, isMoment } from "./days";

test.each([
  ["2026-03-31", true],
  ["2028-02-29", true],
  ["2026-02-29", false],
  ["2026-99-99", false],
  ["12026-01-01", false],
  ["+012026-01-01", false],
  ["", false],
])("%s is a day: %s", (text, is) => {
  expect(isDay(text)).toBe(is);
  expect(isMoment(text)).toBe(is);
});

test.each([
  ["2026-03-31T14:05", true],
  ["2026-03-31T24:00", false],
  ["2026-02-30T14:05", false],
  ["12026-03-31T14:05", false],
  ["2026-03-31T", false],
  ["2026-03-31T14:05T1", false],
])("%s is a moment: %s", (text, is) => {
  expect(isMoment(text)).toBe(is);
});
