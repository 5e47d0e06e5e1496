import { expect, test } from "vitest";
import { arrivals, type Line } from "./arrivals";

const line = (id: string, about?: string) => ({ id, about }) as Line;
const told = (lines: Line[]) =>
  arrivals(lines).map(({ line, later }) => [line.id, ...later.map(({ id }) => id)].join(" "));

test.each([
  ["nothing", [], []],
  ["each by itself", [line("b"), line("a")], ["b", "a"]],
  ["what came of it, in order", [line("c", "a"), line("b", "a"), line("a")], ["a b c"]],
  ["the answer to a question about it", [line("c", "b"), line("b", "a"), line("a")], ["a b c"]],
  ["between others", [line("d", "a"), line("c"), line("b", "a"), line("a")], ["c", "a b d"]],
  ["what it follows from is on the next page", [line("c", "a"), line("b")], ["c", "b"]],
  ["lines about each other are not lost", [line("b", "a"), line("a", "b")], ["b", "a"]],
])("%s", (_, lines, expected) => {
  expect(told(lines)).toEqual(expected);
});
