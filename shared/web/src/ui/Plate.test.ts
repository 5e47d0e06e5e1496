import { expect, test } from "vitest";
import { parts } from "./Plate";

test.each([
  ["А 123 ВС 77", "А 123 ВС", "77"],
  ["В 001 АА 777", "В 001 АА", "777"],
  ["АВ 1234 177", "АВ 1234", "177"],
  ["1234 АВ 77", "1234 АВ", "77"],
  ["004 CD 1 77", "004 CD 1", "77"],
  ["AB 123 CD", "AB 123 CD", ""],
  ["ABC 123", "ABC 123", ""],
  ["А123", "А123", ""],
])("%s", (shown, number, region) => {
  expect(parts(shown)).toEqual([number, region]);
});
