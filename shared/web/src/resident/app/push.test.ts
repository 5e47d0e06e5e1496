import { expect, test, vi } from "vitest";
import { forgetTold, keepToldAs, toldAs } from "./push";

const kept = new Map<string, string>();
vi.stubGlobal("localStorage", {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => kept.set(key, value),
  removeItem: (key: string) => kept.delete(key),
});

test("that a browser is told holds for one session of one account, in each settlement", () => {
  keepToldAs("olga", "pines", "b1");
  keepToldAs("olga", "birches", "b2");
  expect([toldAs("olga", "pines"), toldAs("olga", "birches")]).toEqual(["b1", "b2"]);
  expect(toldAs("ivan", "pines")).toBeUndefined();
  keepToldAs("ivan", "birches", "b3");
  expect(toldAs("ivan", "pines")).toBeUndefined();
  expect(toldAs("olga", "pines")).toBeUndefined();
  keepToldAs("ivan", "birches", undefined);
  expect(toldAs("ivan", "birches")).toBeUndefined();
  keepToldAs("ivan", "birches", "b4");
  forgetTold();
  expect(toldAs("ivan", "birches")).toBeUndefined();
  kept.set("told-here", "{");
  expect(toldAs("ivan", "birches")).toBeUndefined();
});
