import { expect, test } from "vitest";
import { changesAfter, looksAt } from "./night";

const at = (time: string) => Date.parse(`2026-11-26T${time}Z`);

test("night is by the settlement's clock", () => {
  // 22:30 and 06:59 there, then 07:00.
  expect(looksAt(at("19:30:00"), "Europe/Moscow")).toBe("dark");
  expect(looksAt(at("03:59:00"), "Europe/Moscow")).toBe("dark");
  expect(looksAt(at("04:00:00"), "Europe/Moscow")).toBe("light");
});

test("a wish holds until the looks would change by themselves", () => {
  expect(changesAfter(at("09:15:00"), "Europe/Moscow")).toBe(at("17:00:00"));
  expect(changesAfter(at("17:00:00"), "Europe/Moscow")).toBe(at("17:00:00") + 11 * 3_600_000);
});
