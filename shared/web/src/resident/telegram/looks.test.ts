import { expect, test } from "vitest";
import { colorsOf, contrast, isDark } from "./looks";

const LIGHT = {
  paper: "#f5f4ef",
  card: "#ffffff",
  ink: "#17211d",
  quiet: "#55605a",
  edge: "#85897f",
  pine: "#0d664a",
  amber: "#8a4b00",
  red: "#a3201b",
};
const DARK = {
  paper: "#101512",
  card: "#19201c",
  ink: "#eef2ef",
  quiet: "#a9b5ae",
  edge: "#6f7d75",
  pine: "#76bfa3",
  amber: "#f2b866",
  red: "#ff9d94",
};

test("contrasts are those of WCAG", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
  expect(contrast("#767676", "#ffffff")).toBeCloseTo(4.54, 2);
  expect(contrast("#0d664a", "#0d664a")).toBe(1);
});

test("by day and by night, as Telegram is", () => {
  expect(isDark({ bg_color: "#ffffff" })).toBe(false);
  expect(isDark({ bg_color: "#17212b" })).toBe(true);
  for (const bg_color of ["", "red", "#fff", "url(x)"]) expect(isDark({ bg_color })).toBeUndefined();
  expect(isDark({})).toBeUndefined();
});

test("Telegram's own colours are taken", () => {
  const android = {
    bg_color: "#ffffff",
    secondary_bg_color: "#F0F2F5",
    section_bg_color: "#ffffff",
    text_color: "#000000",
    hint_color: "#a8a8a8",
    subtitle_text_color: "#6d6d71",
    section_separator_color: "#e4e4e5",
  };
  const colors = colorsOf(android, LIGHT);
  expect(colors).toMatchObject({ card: "#ffffff", ink: "#000000", line: "#e4e4e5" });
  expect(colorsOf({ bg_color: "#17212b", text_color: "#f5f5f5" }, DARK)).toMatchObject({
    paper: "#17212b",
    card: "#17212b",
    ink: "#f5f5f5",
  });
});

test("what could not be read stays ours", () => {
  // Orange on green, and hints that nobody sees.
  const strange = { bg_color: "#3a7d44", text_color: "#ff8800", hint_color: "#eeeeee" };
  expect(colorsOf(strange, LIGHT)).toEqual({});
  expect(colorsOf({ bg_color: "#ffffff", hint_color: "#eeeeee" }, LIGHT)).not.toHaveProperty("quiet");
  expect(colorsOf({ bg_color: "javascript:", text_color: "" }, DARK)).toEqual({});
});

test("whatever is chosen, everything can be read", () => {
  const steps = ["00", "33", "66", "99", "cc", "ff"];
  const all = steps.flatMap((r) => steps.flatMap((g) => steps.map((b) => `#${r}${g}${b}`)));
  for (const own of [LIGHT, DARK]) {
    for (const [at, bg_color] of all.entries()) {
      const text_color = all[(at * 7 + 5) % all.length] ?? "";
      const hint_color = all[(at * 11 + 3) % all.length] ?? "";
      const seen = { ...own, ...colorsOf({ bg_color, text_color, hint_color }, own) };
      for (const ground of [seen.paper, seen.card]) {
        expect(contrast(seen.ink, ground)).toBeGreaterThanOrEqual(7);
        for (const written of [seen.quiet, seen.pine, seen.amber, seen.red])
          expect(contrast(written, ground)).toBeGreaterThanOrEqual(4.5);
      }
    }
  }
});
