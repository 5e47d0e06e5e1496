import { expect, test } from "vitest";
import { botLink, nameOf } from "./bot";

test("a link to the bot brings along what it is told", () => {
  expect(botLink("sosnovka_bot")).toBe("https://t.me/sosnovka_bot");
  expect(botLink("sosnovka_bot", "c-7")).toBe("https://t.me/sosnovka_bot?start=c-7");
});

test("somebody without a handle is called as they call themselves", () => {
  expect(nameOf({ handle: "anna", name: "Анна" })).toBe("@anna");
  expect(nameOf({ handle: "", name: "Анна" })).toBe("Анна");
});
