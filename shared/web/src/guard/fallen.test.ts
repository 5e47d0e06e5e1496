import { expect, test } from "vitest";
import { waitAfter } from "./Fallen";

test("a page that falls again and again is begun anew more seldom, and never given up", () => {
  expect([0, 1, 2, 3, 4, 1000].map(waitAfter)).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
});
