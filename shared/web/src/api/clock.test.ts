import { expect, test } from "vitest";
import { ServerClock } from "./clock";

const AHEAD = 600_000;

test("each answer tells better what the server's clock says, to half of its second", () => {
  const clock = new ServerClock();
  expect(clock.at(5_000)).toBe(5_000);
  // This device is ten minutes behind. An answer that was long on its way tells little.
  clock.measure(0, 8_000, AHEAD + 4_000);
  expect(Math.abs(clock.at(0) - AHEAD)).toBeLessThanOrEqual(4_500);
  clock.measure(10_900, 11_000, AHEAD + 10_000);
  expect(Math.abs(clock.at(0) - AHEAD)).toBeLessThanOrEqual(600);
  clock.measure(20_000, 20_050, AHEAD + 20_000);
  expect(Math.abs(clock.at(0) - AHEAD)).toBeLessThanOrEqual(100);
});

test("a clock that was set is measured anew, and what has no date is no measure", () => {
  const clock = new ServerClock();
  clock.measure(0, 100, AHEAD);
  clock.measure(0, 100, Number.NaN);
  expect(Math.abs(clock.at(0) - AHEAD)).toBeLessThanOrEqual(600);
  // Set right by its owner.
  clock.measure(AHEAD + 200, AHEAD + 300, AHEAD);
  expect(Math.abs(clock.at(AHEAD) - AHEAD)).toBeLessThanOrEqual(600);
});
