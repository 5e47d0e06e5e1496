import { expect, test } from "vitest";
import { pause } from "./pause";

test("it is tried soon, then seldom, and never by all at the same moment", () => {
  expect([pause(0, 0), pause(0, 1)]).toEqual([750, 2250]);
  expect(pause(1, 0.5)).toBe(3000);
  expect(pause(6, 0.5)).toBe(60_000);
  expect(pause(5000, 0.5)).toBe(60_000);
});
