/** Telegram's colours in the place of ours, as far as everything can be read on them: people choose the strangest. */
import type { Theme } from "./launch";

/** Colours of `ui.css` by their names. */
export type Colors = Record<string, string>;

const HEX = /^#[0-9a-f]{6}$/i;

/** How bright a colour is, by WCAG 2.2: 0 black, 1 white. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** By WCAG 2.2: from 1 to 21. */
export function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** Whether it is dark at Telegram; nothing where it does not say. */
export function isDark({ bg_color: ground = "" }: Theme): boolean | undefined {
  if (!HEX.test(ground)) return undefined;
  return contrast(ground, "#ffffff") > contrast(ground, "#000000");
}

/** What is written on grounds, and what of contrast it needs. */
const WRITTEN: [name: string, least: number][] = [
  ["pine", 4.5],
  ["amber", 4.5],
  ["red", 4.5],
  ["edge", 3],
];

/** Of our colours those that become Telegram's; `own` are ours by day or by night, as it is there. */
export function colorsOf(theme: Theme, own: Colors): Colors {
  const of = (name: string) => own[name] ?? "";
  const isGround = (ground: string) =>
    contrast(of("ink"), ground) >= 7 &&
    contrast(of("quiet"), ground) >= 4.5 &&
    WRITTEN.every(([name, least]) => contrast(of(name), ground) >= least);
  const chosen = (names: string[], is: (color: string) => boolean) =>
    names.map((name) => theme[name] ?? "").find((color) => HEX.test(color) && is(color));
  const colors: Colors = {};
  const take = (name: string, color: string | undefined) => {
    if (color) colors[name] = color.toLowerCase();
  };
  take("paper", chosen(["secondary_bg_color", "bg_color"], isGround));
  take("card", chosen(["section_bg_color", "bg_color"], isGround));
  const grounds = ["paper", "card"].map((name) => colors[name] ?? of(name));
  const isOn = (least: number) => (color: string) =>
    grounds.every((ground) => contrast(color, ground) >= least);
  take("ink", chosen(["text_color"], isOn(7)));
  take("quiet", chosen(["subtitle_text_color", "hint_color"], isOn(4.5)));
  take(
    "line",
    chosen(["section_separator_color"], () => true),
  );
  return colors;
}

/** By which names of ours they are looked up. */
export const NAMES = ["paper", "card", "line", "ink", "quiet", "edge", "pine", "amber", "red"];
