import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { EarlyAnswers } from "./early";

const ORIGIN = "http://cloud.test";
const PATH = "/api/v1/session";

const kept = new Map<string, string>();
let asked: string[] = [];
beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  vi.stubGlobal("localStorage", { getItem: (key: string) => kept.get(key) ?? null });
  vi.stubGlobal("window", { location: { origin: ORIGIN } });
  vi.stubGlobal("fetch", async (what: string | Request) => {
    asked.push(typeof what === "string" ? "early" : what.method);
    return new Response(`${asked.length}`, {
      headers: { Date: "Thu, 26 Nov 2026 12:00:00 GMT", ETag: '"1"' },
    });
  });
});
afterEach(() => {
  kept.clear();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const question = (path = PATH, language = "ru", method = "GET") =>
  new Request(`${ORIGIN}${path}`, { method, headers: { "Accept-Language": language } });

test("what was asked early is the answer once, and no measure of time", async () => {
  const early = new EarlyAnswers();
  const first = await early.ask(PATH, "ru");
  expect(await first?.text()).toBe("1");
  const answer = await early.fetch(question());
  expect([await answer.text(), answer.headers.get("ETag"), answer.headers.get("Date")]).toEqual([
    "1",
    '"1"',
    null,
  ]);
  expect(await (await early.fetch(question())).text()).toBe("2");
  expect(asked).toEqual(["early", "GET"]);
});

test("another question, another language, or a later one is asked anew", async () => {
  const early = new EarlyAnswers();
  await early.ask(PATH, "ru");
  await early.fetch(question(`${PATH}?x=1`));
  await early.fetch(question(PATH, "en"));
  await early.ask(PATH, "ru");
  vi.advanceTimersByTime(15_000);
  await early.fetch(question());
  expect(asked).toEqual(["early", "GET", "GET", "early", "GET"]);
});

test("whatever is changed makes all of them old", async () => {
  const early = new EarlyAnswers();
  await early.ask(PATH, "ru");
  await early.fetch(question("/api/v1/session/link", "ru", "POST"));
  await early.fetch(question());
  expect(asked).toEqual(["early", "POST", "GET"]);
});

test("what did not come is asked for again", async () => {
  const early = new EarlyAnswers();
  vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("no network")));
  expect(await early.ask(PATH, "ru")).toBeUndefined();
  vi.stubGlobal("fetch", async () => new Response("again"));
  expect(await (await early.fetch(question())).text()).toBe("again");
});

test("nothing is asked in the name of whoever has left", async () => {
  const early = new EarlyAnswers();
  kept.set("leaving", "1");
  expect(await early.ask(PATH, "ru")).toBeUndefined();
  expect(asked).toEqual([]);
  kept.clear();
  await early.ask(PATH, "ru");
  kept.set("leaving", "1");
  await early.fetch(question());
  expect(asked).toEqual(["early", "GET"]);
});
