import { expect, test } from "vitest";
import { isOfEarlier, presses } from "./presses";

test("a press whose answer was lost and one soon after it have one key", () => {
  const button = presses();
  const first = button.press(1_000);
  expect(first.again).toBe(false);
  expect(button.press(20_000)).toEqual({ key: first.key, again: true });
  button.answered();
  expect(button.press(20_001)).toMatchObject({ again: false });
});

test("failing again and again makes the first press no younger", () => {
  const button = presses();
  const first = button.press(0);
  for (const ms of [10_000, 20_000, 29_999]) expect(button.press(ms).key).toBe(first.key);
  const next = button.press(30_000);
  expect(next.again).toBe(false);
  expect(next.key).not.toBe(first.key);
  // Somebody has put the clock back.
  expect(button.press(5_000).again).toBe(false);
});

test.each([
  ["of the earlier press, over before this one", { at_ms: 5_000, is_over: true }, true, true],
  [
    "of the earlier press, still under way: it is followed to its end",
    { at_ms: 5_000, is_over: false },
    true,
    false,
  ],
  ["of this press: the earlier one never came through", { at_ms: 12_100, is_over: true }, true, false],
  ["of a first press", { at_ms: 5_000, is_over: true }, false, false],
])("an opening %s", (_, opening, again, expected) => {
  expect(isOfEarlier(opening, again, 12_000)).toBe(expected);
});
