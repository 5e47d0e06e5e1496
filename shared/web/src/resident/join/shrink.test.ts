import { expect, test } from "vitest";
import { scaled } from "./shrink";

test("a photo is made smaller, never larger, and keeps its shape", () => {
  expect(scaled(4000, 3000)).toEqual([1600, 1200]);
  expect(scaled(3000, 4000)).toEqual([1200, 1600]);
  expect(scaled(800, 600)).toEqual([800, 600]);
  expect(scaled(20_000, 2)).toEqual([1600, 1]);
});
