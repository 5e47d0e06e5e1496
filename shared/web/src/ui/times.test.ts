import { expect, test } from "vitest";
import { times } from "./times";

const now = Date.parse("2026-11-26T22:30:00Z");
const said = (zone: string) =>
  times(
    "ru",
    zone,
    (id) => id,
    () => now,
  );

test("a day is one of the settlement's zone, not of the reader's", () => {
  const { day, moment } = said("Europe/Moscow");
  // There it is half past one of the next night.
  expect(day(now)).toBe("day-today");
  expect(day(Date.parse("2026-11-26T20:59:00Z"))).toBe("day-yesterday");
  expect(day(Date.parse("2026-11-27T21:00:00Z"))).toBe("day-tomorrow");
  expect(moment(now)).toBe("day-today, 01:30");
  expect(said("UTC").moment(now)).toBe("day-today, 22:30");
  expect(said("UTC").second(now)).toBe("22:30:00");
});

test("a zone that the browser does not know is told in UTC", () => {
  expect(said("Europe/Nowhere").moment(now)).toBe("day-today, 22:30");
});

test("other days are dates, of another year with the year", () => {
  const { day, date } = said("Europe/Moscow");
  expect(day(Date.parse("2026-03-03T12:00:00Z"))).toBe("3 марта");
  expect(day(Date.parse("2025-03-03T12:00:00Z"))).toMatch(/^3 марта 2025/);
  expect(date(now)).toBe("2026-11-27");
});

test("what fields give is a moment of the settlement's zone, also on the days when clocks are changed", () => {
  const { instant } = said("Europe/Berlin");
  expect(instant("2026-11-27")).toBe(Date.parse("2026-11-26T23:00:00Z"));
  expect(instant("2026-11-27T14:05")).toBe(Date.parse("2026-11-27T13:05:00Z"));
  expect(instant("2026-03-29")).toBe(Date.parse("2026-03-28T23:00:00Z"));
  expect(instant("2026-03-29T04:00")).toBe(Date.parse("2026-03-29T02:00:00Z"));
  expect(instant("2026-10-25T12:00")).toBe(Date.parse("2026-10-25T11:00:00Z"));
});
