/** Which keys stand on the screen's own keyboards. */
import type { Language } from "~/texts/language";

export type Layout = "number" | "plate" | "words";

const CLEAR = "clear";
const ERASE = "erase";
const SPACE = "space";
/** Keys that write nothing of their own. */
export const ACTS = [CLEAR, ERASE, SPACE] as const;
export type Key = (typeof ACTS)[number] | (string & {});

const NUMBER = [[..."123"], [..."456"], [..."789"], [CLEAR, "0", ERASE]];
/** The letters of Russian plates: those that look alike in both alphabets. */
const PLATE = [[..."123АВ"], [..."456ЕК"], [..."789МН"], [..."0ОРСТ"], [..."УХ", CLEAR, ERASE]];
const WORDS: Record<Language, string[]> = {
  ru: ["1234567890-", "йцукенгшщзхъ", "фывапролджэё", "ячсмитьбю.,"],
  en: ["1234567890-", "qwertyuiop'", "asdfghjkl", "zxcvbnm.,"],
};

export function rows(layout: Layout, language: Language): Key[][] {
  if (layout === "number") return NUMBER;
  if (layout === "plate") return PLATE;
  const letters = WORDS[language].map((line) => [...line]);
  return letters.map((line, at) =>
    at === 0 ? [...line, ERASE] : at === letters.length - 1 ? [...line, SPACE] : line,
  );
}

/** What stands there after a key. A sentence and a name begin with a capital. */
export function typed(value: string, key: Key, layout: Layout): string {
  if (key === CLEAR) return "";
  if (key === ERASE) return [...value].slice(0, -1).join("");
  if (key === SPACE) return `${value} `;
  const begins = layout === "words" && (value === "" || /[.!?] $/.test(value));
  return value + (begins ? key.toLocaleUpperCase() : key);
}
