import { expect, test } from "vitest";
import { firstPlace, wanted } from "./places";

test.each([
  ["/passes/01M8?x=1", "/passes/01M8?x=1"],
  ["//elsewhere.example", undefined],
  ["/\\elsewhere.example", undefined],
  ["https://elsewhere.example", undefined],
  ["javascript:alert(1)", undefined],
  ["", undefined],
  [undefined, undefined],
])("%s leads to %s", (to, place) => {
  expect(wanted(to)).toBe(place);
});

test("an administrator without a house goes to the office, everybody else to the gates", () => {
  const account = (...held: object[]) =>
    ({ persons: [{ held }] }) as unknown as Parameters<typeof firstPlace>[0];
  const office = { capacity: "administrator" };
  const owner = { capacity: "owner", house: "01M8" };
  expect(firstPlace(account(office))).toBe("/admin/");
  expect(firstPlace(account(office, owner))).toBe("/");
  expect(firstPlace(account(owner))).toBe("/");
  expect(firstPlace(account())).toBe("/");
  expect(firstPlace(account(office), "/passes")).toBe("/passes");
});
