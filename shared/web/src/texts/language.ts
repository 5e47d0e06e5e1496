/** Which language a person is spoken to in. */

export type Language = "ru" | "en";

/** Where what was chosen is kept. */
export const KEPT = "language";

/** What was chosen here, or else what the browser prefers. */
export function preferred(): Language {
  const kept = localStorage.getItem(KEPT);
  if (kept === "ru" || kept === "en") return kept;
  return spoken();
}

/** What the browser itself asks in, where no page says otherwise. */
export function spoken(): Language {
  const wanted = navigator.languages
    .map((tag) => tag.slice(0, 2))
    .find((tag) => tag === "ru" || tag === "en");
  return wanted === "en" ? "en" : "ru";
}
