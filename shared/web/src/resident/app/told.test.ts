import { expect, test } from "vitest";
import { placeOf, pushed } from "./told";

test.each([
  ["questions/01M8", "/"],
  ["passes/01M8", "/passes/01M8"],
  ["passes/", "/passes"],
  ["applications/01M8", "/admin/applications/01M8"],
  ["alarms", "/admin/"],
  ["", "/"],
  ["elsewhere/../x", "/"],
])("a message about %s leads to %s", (link, place) => {
  expect(placeOf(link)).toBe(place);
});

const message = { tag: "t", title: "К вам приехали", text: "Впустить?", urgent: true };
const origin = "https://dwellers.example";

test("what is pushed leads to this page alone", () => {
  const of = (link: string) => pushed(JSON.stringify({ ...message, link }), origin)?.link;
  expect(of(`${origin}/communities/01M8/passes/01M9`)).toBe("/communities/01M8/passes/01M9");
  expect(of("https://elsewhere.example/communities/01M8")).toBe("/");
  expect(of("")).toBe("/");
});

test("what is no message is none", () => {
  expect(pushed(undefined, origin)).toBeUndefined();
  expect(pushed("hello", origin)).toBeUndefined();
  expect(pushed("{}", origin)).toBeUndefined();
});
