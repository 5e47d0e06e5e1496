/** A page stays open for weeks, and the hub is renewed under it: then it is loaded anew, while nobody needs it. */
import { useEffect } from "react";

const LOOK_MS = 60_000;
/** Since the last touch. */
const QUIET_MS = 20_000;

/** Which page the hub has now: its tag changes with every file that it names. Nothing where it does not say. */
async function pageNow(): Promise<string> {
  try {
    const { ok, headers } = await fetch("/", {
      method: "HEAD",
      cache: "no-store",
      signal: AbortSignal.timeout(8_000),
    });
    return (ok && headers.get("ETag")) || "";
  } catch {
    return "";
  }
}

/** Nobody waits, and nothing that was typed would be lost. */
function isFree(touched: number): boolean {
  const typed = [...document.querySelectorAll("input")].some(({ value }) => value !== "");
  return Date.now() > touched + QUIET_MS && !typed && !document.querySelector("[data-waits], .sheet");
}

export function useFresh() {
  useEffect(() => {
    let first = "";
    let touched = Date.now();
    const touch = () => {
      touched = Date.now();
    };
    const look = async () => {
      const now = await pageNow();
      first ||= now;
      if (now && now !== first && isFree(touched)) location.reload();
    };
    look();
    const timer = setInterval(look, LOOK_MS);
    addEventListener("pointerdown", touch, true);
    addEventListener("keydown", touch, true);
    return () => {
      clearInterval(timer);
      removeEventListener("pointerdown", touch, true);
      removeEventListener("keydown", touch, true);
    };
  }, []);
}
