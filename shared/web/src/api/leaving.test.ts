import { afterEach, expect, test, vi } from "vitest";
import { Away } from "./answers";
import { leaving } from "./leaving";
import { isLeaving } from "./left";

const kept = new Map<string, string>();
vi.stubGlobal("localStorage", {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => kept.set(key, value),
  removeItem: (key: string) => kept.delete(key),
});
afterEach(() => kept.clear());

test("nothing is asked before the cloud has heard that somebody left", async () => {
  const answers = [0, 503, 204];
  let asked = 0;
  const { begin, middleware } = leaving(async () => {
    asked += 1;
    const status = answers.shift();
    if (!status) throw new TypeError("no network");
    return { status };
  });
  await middleware.onRequest();
  expect(asked).toBe(0);
  begin();
  await expect(middleware.onRequest()).rejects.toBeInstanceOf(Away);
  await expect(middleware.onRequest()).rejects.toBeInstanceOf(Away);
  expect(isLeaving()).toBe(true);
  await Promise.all([middleware.onRequest(), middleware.onRequest()]);
  expect([asked, isLeaving()]).toEqual([3, false]);
});

test("who was nobody at the cloud already has left", async () => {
  const { begin, told } = leaving(async () => ({ status: 401 }));
  begin();
  await told();
  expect(isLeaving()).toBe(false);
});
