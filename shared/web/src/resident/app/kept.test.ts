import { expect, test } from "vitest";
import { isKept, persistOptions, whatCounts } from "./kept";

const NOW = Date.parse("2026-11-26T12:00:00Z");
const DAY_MS = 86_400_000;
const BASE = "/api/v1/communities/{community}";
const answer = (path: string, days: number, data: unknown = {}) => ({
  queryKey: ["get", path, {}],
  queryHash: path,
  state: { data, dataUpdatedAt: NOW - days * DAY_MS },
});
const kept = (...queries: object[]) =>
  ({ timestamp: NOW, buster: "", clientState: { mutations: [], queries } }) as unknown as Parameters<
    typeof whatCounts
  >[0];
const paths = (client: ReturnType<typeof kept>) =>
  whatCounts(client, NOW).clientState.queries.map(({ queryKey }) => queryKey[1]);

test("passes and gates are kept for a week, and nothing else", () => {
  expect(isKept(answer(`${BASE}/gates`, 0), NOW)).toBe(true);
  expect(isKept(answer(`${BASE}/houses/{house}/passes`, 6.9), NOW)).toBe(true);
  expect(isKept(answer(`${BASE}/houses/{house}/passes`, 7), NOW)).toBe(false);
  expect(isKept(answer(`${BASE}/houses/{house}/journal`, 0), NOW)).toBe(false);
  expect(isKept(answer("/api/v1/account", 0), NOW)).toBe(false);
  expect(isKept({ ...answer(`${BASE}/gates`, 0), state: { dataUpdatedAt: NOW } }, NOW)).toBe(false);
});

test("what was kept counts while somebody is signed in, however often it is saved anew", () => {
  const session = (account: object | null, days = 0) => answer("/api/v1/session", days, { account });
  const gates = answer(`${BASE}/gates`, 1);
  expect(paths(kept(session({ id: "a" }), gates))).toEqual(["/api/v1/session", `${BASE}/gates`]);
  expect(paths(kept(session({ id: "a" }), answer(`${BASE}/gates`, 8)))).toEqual(["/api/v1/session"]);
  expect(paths(kept(session(null), gates))).toEqual([]);
  expect(paths(kept(session({ id: "a" }, 8), gates))).toEqual([]);
  expect(paths(kept(gates))).toEqual([]);
});

test("what was kept of an API of another shape does not count", () => {
  expect(persistOptions.buster).toMatch(/^[\w-]{12}$/);
});
