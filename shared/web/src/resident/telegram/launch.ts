/**
 * That Telegram has opened this page: it says so, and who opens it, behind the `#` of the address.
 *
 * It is taken from there before anything else looks at the address: it is a way in, and addresses are copied and kept. What a
 * window has to know that begins anew (with a newer version of the page) is kept for as long as the window is there.
 */
import { createContext, useContext } from "react";

/** Telegram's colours, by its names for them. */
export type Theme = Record<string, string>;
export type Launch = {
  /** What Telegram says of whoever opened it, signed; empty once it was used. */
  data: string;
  theme: Theme;
};

/** What Telegram's programs put into the window of a page that they open. */
type Surroundings = { TelegramWebviewProxy?: unknown; external?: { notify?: unknown } };

const KEPT = "telegram";

/** What stands behind the `#`, where it is Telegram's. */
export function launchOf(fragment: string): Launch | undefined {
  const said = new URLSearchParams(fragment.replace(/^#/, ""));
  if (!said.has("tgWebAppVersion")) return undefined;
  return { data: said.get("tgWebAppData") ?? "", theme: themeOf(said.get("tgWebAppThemeParams")) };
}

function themeOf(text: string | null): Theme {
  try {
    const theme = JSON.parse(text ?? "") as unknown;
    return typeof theme === "object" && theme ? (theme as Theme) : {};
  } catch {
    return {};
  }
}

function taken(): Launch | undefined {
  // Where pages are made that are no window.
  if (typeof window === "undefined") return undefined;
  const { hash, pathname, search } = window.location;
  const launch = launchOf(hash);
  if (!launch) {
    const kept = sessionStorage.getItem(KEPT);
    return kept ? (JSON.parse(kept) as Launch) : undefined;
  }
  window.history.replaceState(window.history.state, "", pathname + search);
  sessionStorage.setItem(KEPT, JSON.stringify(launch));
  return launch;
}

/** Whether a program of Telegram's is around this window: anybody can write behind a `#` what it says there. */
export function isAround({ TelegramWebviewProxy, external }: Surroundings): boolean {
  return !!TelegramWebviewProxy || typeof external?.notify === "function";
}

/** How Telegram opened this window; nothing where it did not. */
export const launch = taken();

/** What Telegram said has been used: a window that begins anew is let in by its session. */
export function used({ theme }: Launch) {
  sessionStorage.setItem(KEPT, JSON.stringify({ data: "", theme }));
}

/** Closes the window; nothing where that is not Telegram's. */
export const Closing = createContext<(() => void) | undefined>(undefined);

export const useClosing = () => useContext(Closing);
