import { expect, test } from "vitest";
import { blank, midnight, shifted, wanted } from "./terms";

test.each([
  ["2026-03-31", "Europe/Moscow", "2026-03-30T21:00:00.000Z"],
  ["2026-03-31", "Asia/Vladivostok", "2026-03-30T14:00:00.000Z"],
  ["2026-03-31", "America/New_York", "2026-03-31T04:00:00.000Z"],
  // Clocks are put forward at 2 (New York) and back at 3 (Berlin).
  ["2026-03-08", "America/New_York", "2026-03-08T05:00:00.000Z"],
  ["2026-03-09", "America/New_York", "2026-03-09T04:00:00.000Z"],
  ["2026-10-25", "Europe/Berlin", "2026-10-24T22:00:00.000Z"],
  ["2026-10-26", "Europe/Berlin", "2026-10-25T23:00:00.000Z"],
])("%s begins in %s at %s", (date, zone, moment) => {
  expect(new Date(midnight(date, zone) ?? 0).toISOString()).toBe(moment);
});

test.each([
  ["2026-01-31", 1, "2026-02-01"],
  ["2026-12-31", 1, "2027-01-01"],
  ["2028-02-28", 1, "2028-02-29"],
])("%s and %d", (date, days, then) => {
  expect(shifted(date, days)).toBe(then);
});

test("what is no date has no day after it and no midnight", () => {
  for (const none of ["", "12026-01-01", "2026-99-99"]) {
    expect(shifted(none, 1)).toBeUndefined();
    expect(midnight(none, "Europe/Moscow")).toBeUndefined();
  }
});

const form = { ...blank("guest", "2026-03-31"), plate: "а123вс77" };

test("a guest has a day", () => {
  expect(wanted("guest", form, "Europe/Moscow")).toMatchObject({ plate: "а123вс77", day: "2026-03-31" });
});

test("a recurring one holds until its last day is over", () => {
  const { until_ms, weekly } = wanted(
    "recurring",
    { ...form, last: "2026-04-30", weekdays: [5, 1] },
    "Europe/Moscow",
  );
  expect(new Date(until_ms ?? 0).toISOString()).toBe("2026-04-30T21:00:00.000Z");
  expect(weekly).toEqual({ days: [1, 5], from_minute: 480, until_minute: 1200 });
});

test("what is no number and no date is not sent, so that the cloud says what is missing", () => {
  expect(wanted("event", { ...form, entries: "много" }, "").entries).toBeNull();
  expect(wanted("courier", { ...form, minutes: "" }, "").minutes).toBeNull();
  expect(wanted("recurring", { ...form, last: "12026-01-01" }, "").until_ms).toBeNull();
  expect(wanted("guest", { ...form, day: "12026-01-01" }, "").day).toBeNull();
  expect(wanted("recurring", { ...form, from: "" }, "").weekly?.from_minute).toBe(1440);
});
