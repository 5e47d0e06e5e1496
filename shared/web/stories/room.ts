/** Whether a page has room for all that it says: on a narrow screen, magnified, and for who reads large letters. */
import { expect, type Page } from "@playwright/test";
import { shot } from "./stage";

/** How large the letters of a browser are that nobody has set otherwise. */
const LETTERS = 16;

type Size = { width: number; height: number };
/** How somebody looks at a page: at which size, magnified how many times, in letters of which size. */
type Look = { name: string; size: Size; scale?: number; letters?: number };

/** WCAG 1.4.10: 1280 px at 400 %, and the smallest phone. */
export const NARROW: Look = { name: "narrow", size: { width: 320, height: 700 } };
/** WCAG 1.4.4: a screen at 200 % has half of its points, each twice as large. */
export const magnified = ({ width, height }: Size): Look => ({
  name: "magnified",
  size: { width: width / 2, height: height / 2 },
  scale: 2,
});
/** Letters of twice the size, as the browser's settings have them: the screen stays as it is. */
export const large = (size: Size): Look => ({ name: "large", size, letters: 2 * LETTERS });

/** Nothing is cut off, written over something else, or out of reach, however the page is looked at; a picture of each. */
export async function hasRoom(page: Page, name: string, looks: Look[]) {
  const before = page.viewportSize();
  const devtools = await page.context().newCDPSession(page);
  const letters = (standard: number) => devtools.send("Page.setFontSizes", { fontSizes: { standard } });
  for (const look of looks) {
    await page.setViewportSize(look.size);
    if (look.letters) await letters(look.letters);
    if (look.scale) {
      const metrics = { ...look.size, deviceScaleFactor: look.scale, mobile: false };
      await devtools.send("Emulation.setDeviceMetricsOverride", metrics);
    }
    expect.soft(await page.evaluate(wrong), `${name}, ${look.name}`).toEqual([]);
    await shot(page, `room-${look.name}-${name}`);
    if (look.letters) await letters(LETTERS);
  }
  await devtools.detach();
  if (before) await page.setViewportSize(before);
}

/** What there is no room for. Runs in the page. */
function wrong(): string[] {
  /** Of a point, where lengths are rounded. */
  const SLACK = 1.5;
  const found = new Set<string>();
  // What is far from the screen is laid out when it comes near: here all of it is.
  const laidOut = new CSSStyleSheet();
  laidOut.replaceSync("* { content-visibility: visible !important }");
  document.adoptedStyleSheets.push(laidOut);
  const root = document.documentElement;
  const called = (element: Element) => {
    const classes = typeof element.className === "string" ? element.className.trim().split(/\s+/)[0] : "";
    return element.tagName.toLowerCase() + (classes ? `.${classes}` : "");
  };
  const quoted = (text: string) => `«${text.trim().replace(/\s+/g, " ").slice(0, 40)}»`;
  const hidesX = (style: CSSStyleDeclaration) => /hidden|clip/.test(style.overflowX);
  const hidesY = (style: CSSStyleDeclaration) => /hidden|clip/.test(style.overflowY);
  const scrolls = (style: CSSStyleDeclaration) => /auto|scroll/.test(style.overflowX + style.overflowY);
  const isMeant = (style: CSSStyleDeclaration) =>
    style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none";
  /** What is only read aloud, is folded away, or is shown when the focus comes to it. */
  const isUnseen = (element: Element) => {
    if (!element.checkVisibility()) return true;
    for (let at: Element | null = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.clipPath !== "none" || style.visibility !== "visible") return true;
      if (style.opacity === "0") return true;
    }
    return false;
  };

  if (root.scrollWidth > root.clientWidth) {
    const far = [...document.querySelectorAll("body *")].filter(
      (one) => one.getBoundingClientRect().right > root.clientWidth + SLACK && !isUnseen(one),
    );
    const widest = far.filter((one) => !far.some((other) => other !== one && one.contains(other)));
    found.add(
      `scrolls sideways by ${root.scrollWidth - root.clientWidth}: ${widest.slice(0, 3).map(called).join(", ")}`,
    );
  }

  type Line = { rect: DOMRect; text: string; of: Element; fixed: boolean };
  const lines: Line[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const of = node.parentElement;
    const text = node.textContent ?? "";
    if (!of || !text.trim() || of.closest("script, style, noscript, option, svg") || isUnseen(of)) continue;
    range.selectNodeContents(node);
    const rects = [...range.getClientRects()].filter(({ width, height }) => width > 1 && height > 1);
    if (!rects.length) continue;
    let fixed = false;
    // Up to what holds it: within that it must lie, and what scrolls shows all of it in time.
    let held = true;
    for (let at: Element | null = of; at && at !== root; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (/fixed|sticky/.test(style.position)) fixed = true;
      if (!held) continue;
      const box = at.getBoundingClientRect();
      const right = Math.max(...rects.map((rect) => rect.right)) - box.right;
      const left = box.left - Math.min(...rects.map((rect) => rect.left));
      const bottom = Math.max(...rects.map((rect) => rect.bottom)) - box.bottom;
      const top = box.top - Math.min(...rects.map((rect) => rect.top));
      if (isMeant(style)) held = false;
      else if (scrolls(style)) {
        held = false;
        if (
          /auto|scroll/.test(style.overflowX) &&
          at.scrollWidth > at.clientWidth + SLACK &&
          style.display !== "flex"
        ) {
          found.add(`${called(at)} scrolls sideways: ${quoted(text)}`);
        }
      } else {
        const isBox =
          style.display !== "inline" &&
          (style.borderTopWidth !== "0px" || style.borderLeftWidth !== "0px") &&
          style.borderTopStyle !== "none";
        const outX = Math.max(right, left) > SLACK;
        // Letters reach over a tight line without harm.
        const outY = Math.max(bottom, top) > 4;
        if (((hidesX(style) || isBox) && outX) || ((hidesY(style) || isBox) && outY)) {
          found.add(`${called(at)} cuts ${quoted(text)} of ${called(of)}`);
          held = false;
        }
      }
    }
    for (const rect of rects) lines.push({ rect, text, of, fixed });
  }

  // What is written over something else. What stays where it is while the page scrolls lies over it by intent.
  const still = lines.filter(({ fixed }) => !fixed);
  for (const [nth, one] of still.entries()) {
    for (const other of still.slice(nth + 1)) {
      if (one.of === other.of) continue;
      const width = Math.min(one.rect.right, other.rect.right) - Math.max(one.rect.left, other.rect.left);
      const height = Math.min(one.rect.bottom, other.rect.bottom) - Math.max(one.rect.top, other.rect.top);
      const low = Math.min(one.rect.height, other.rect.height);
      if (width > 2 && height > low * 0.3) found.add(`${quoted(one.text)} over ${quoted(other.text)}`);
    }
  }

  // A field whose chosen value does not fit shows half of it.
  for (const field of document.querySelectorAll<HTMLInputElement>(
    "input:not([type=checkbox], [type=radio])",
  )) {
    const { width } = field.getBoundingClientRect();
    if (width > 0 && !isUnseen(field) && width < 40) found.add(`a field of ${width} points: ${field.name}`);
  }

  // What acts can be brought to where nothing lies over it.
  const acts = "a[href], button, input, select, textarea, summary";
  for (const one of document.querySelectorAll<HTMLElement>(acts)) {
    const before = one.getBoundingClientRect();
    if (before.width < 1 || isUnseen(one) || one.closest("[inert], [aria-hidden=true]")) continue;
    one.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
    const { left, right, top, bottom } = one.getBoundingClientRect();
    const at = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    const label = one instanceof HTMLInputElement ? [...(one.labels ?? [])] : [];
    const hit = at && (one.contains(at) || at.contains(one) || label.some((each) => each.contains(at)));
    if (!hit)
      found.add(
        `out of reach: ${called(one)} ${quoted(one.textContent ?? "")}, there is ${at && called(at)}`,
      );
  }
  scrollTo({ top: 0, behavior: "instant" });
  document.adoptedStyleSheets.pop();
  return [...found];
}
