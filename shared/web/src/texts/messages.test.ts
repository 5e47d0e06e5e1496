import { readdirSync, readFileSync } from "node:fs";
import { FluentBundle, FluentResource } from "@fluent/bundle";
import { expect, test } from "vitest";

const LOCALES = new URL("../../../locales/", import.meta.url);
const SOURCES = new URL("../", import.meta.url);
const PAGES = ["resident", "admin", "guard"];

/** The text of all files of a folder and those within it, by path. */
function files(folder: URL, ending: RegExp): [path: string, text: string][] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => ending.test(path))
    .map((path) => [path, readFileSync(new URL(path, folder), "utf8")]);
}

function messages(language: string, page: string) {
  const bundle = new FluentBundle(language);
  const errors = [`shared`, page].flatMap((part) =>
    files(new URL(`${language}/web/${part}/`, LOCALES), /\.ftl$/).flatMap(([path, text]) =>
      bundle.addResource(new FluentResource(text)).map((error) => `${part}/${path}: ${error.message}`),
    ),
  );
  return { bundle, errors, ids: new Set([...bundle._messages.keys()]) };
}

/** Every id that a source names in quotes: a text's id has a dash or is called by `t`. */
const named = (text: string) =>
  [...text.matchAll(/\bt\(\s*"([a-z][a-z0-9-]*)/g)].map(([, id]) => id as string);

test.each(PAGES)("%s: each text that is asked for is there, in both languages", (page) => {
  const russian = messages("ru", page);
  const english = messages("en", page);
  expect([...russian.errors, ...english.errors]).toEqual([]);
  expect([...russian.ids].sort()).toEqual([...english.ids].sort());
  const sources = files(new URL(`${page}/`, SOURCES), /\.tsx?$/);
  const missing = sources.flatMap(([path, text]) =>
    named(text)
      .filter((id) => !russian.ids.has(id))
      .map((id) => `${path}: ${id}`),
  );
  expect(missing).toEqual([]);
});

test("each text is used by some page", () => {
  const sources = files(SOURCES, /\.tsx?$/)
    .map(([, text]) => text)
    .join("\n");
  const unused = ["shared", ...PAGES].flatMap((part) =>
    files(new URL(`ru/web/${part}/`, LOCALES), /\.ftl$/).flatMap(([path, text]) =>
      [...text.matchAll(/^([a-z][a-z0-9-]*) =/gm)]
        .map(([, id]) => id as string)
        // By its whole name, or made of a beginning and a value: `standing-${standing}`.
        .filter(
          (id) => !sources.includes(`"${id}"`) && !beginnings(sources).some((known) => id.startsWith(known)),
        )
        .map((id) => `${part}/${path}: ${id}`),
    ),
  );
  expect(unused).toEqual([]);
});

let known: string[] | undefined;
function beginnings(sources: string): string[] {
  known ??= [...sources.matchAll(/`([a-z][a-z0-9-]*-)\$\{/g)].map(([, beginning]) => beginning as string);
  return known;
}
