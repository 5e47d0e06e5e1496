import { readdirSync, readFileSync } from "node:fs";
import { FluentResource } from "@fluent/bundle";
import { expect, test } from "vitest";
import type { Language } from "./language";
import { type Messages, texts } from "./texts";

const LOCALES = new URL("../../../locales/", import.meta.url);

/** The messages of a page and those of all, as it brings them. */
function messages(language: string, page: string): Messages {
  const files = ["shared", page].flatMap((part) => {
    const folder = new URL(`${language}/web/${part}/`, LOCALES);
    return readdirSync(folder).map((name) => [
      `${part}/${name}`,
      readFileSync(new URL(name, folder), "utf8"),
    ]);
  });
  return Object.fromEntries(files);
}

const LIBRARIES = (["ru", "en"] satisfies Language[]).flatMap((language) =>
  ["resident", "admin", "guard"].map((page) => [language, page] as const),
);

test.each(LIBRARIES)("%s, %s: each message is found, whichever is wanted first", (language, page) => {
  const known = messages(language, page);
  for (const [path, text] of Object.entries(known)) {
    for (const { id, value } of new FluentResource(text).body) {
      if (typeof value === "string") expect(texts(language, known)(id), `${path}: ${id}`).toBe(value);
    }
  }
});

test("what nobody says is said by its name", () => {
  const t = texts("en", { one: "first = one\n", other: "second = two\n    .more = three\n" });
  expect([t("second.more"), t("second"), t("first"), t("sec")]).toEqual(["three", "two", "one", "sec"]);
});
