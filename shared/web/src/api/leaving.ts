/**
 * Signing out where nothing answers: here it counts at once, the cloud hears of it before anything else.
 *
 * Until it has, nothing is asked in the name of whoever has left.
 */
import type { Middleware } from "openapi-fetch";
import { Away } from "./answers";
import { isLeaving, KEPT } from "./left";

type Ask = () => Promise<{ status: number }>;

/** `ask` ends the session at the cloud. */
export function leaving(ask: Ask) {
  let asked: Promise<void> | undefined;
  const end = async () => {
    const { status } = await ask().catch(() => ({ status: 0 }));
    if (status === 0 || status === 429 || status >= 500) throw new Away(`${status}`);
    localStorage.removeItem(KEPT);
  };
  /** Tells the cloud, once whatever the number of those who wait for it. */
  const told = () => {
    asked ??= end().finally(() => {
      asked = undefined;
    });
    return asked;
  };
  return {
    begin: () => localStorage.setItem(KEPT, "1"),
    told,
    middleware: {
      async onRequest() {
        if (isLeaving()) await told();
      },
    } satisfies Middleware,
  };
}
