/**
 * What is asked of the cloud before the page's scripts are there to ask it: on a slow line that saves the ways there and back.
 *
 * Invariants: an answer is given once, to the same question in the same language, and soon; whatever is changed makes all of
 * them old; nothing is asked in the name of whoever has left.
 */
import type { Language } from "~/texts/language";
import { isLeaving } from "./left";

/** What waited for longer may have changed. */
const OLD_MS = 15_000;

type Early = { language: Language; asked_ms: number; answer: Promise<Response> };

export class EarlyAnswers {
  readonly #known = new Map<string, Early>();

  /** Asks already; what came, for whoever wants to know what to ask next. */
  async ask(path: string, language: Language): Promise<Response | undefined> {
    if (isLeaving()) return undefined;
    const answer = fetch(path, { headers: { "Accept-Language": language } });
    this.#known.set(path, { language, asked_ms: Date.now(), answer });
    const response = await answer.catch(() => undefined);
    return response?.ok ? response.clone() : undefined;
  }

  /** As `fetch`. */
  readonly fetch = (request: Request): Promise<Response> => {
    if (request.method !== "GET") {
      this.#known.clear();
      return fetch(request);
    }
    const { origin } = window.location;
    const path = request.url.startsWith(origin) ? request.url.slice(origin.length) : "";
    const early = this.#known.get(path);
    this.#known.delete(path);
    const isGood =
      early &&
      early.language === request.headers.get("Accept-Language") &&
      Date.now() - early.asked_ms < OLD_MS &&
      !isLeaving();
    return isGood ? early.answer.then(undated).catch(() => fetch(request)) : fetch(request);
  };
}

/** It has waited, and is no measure of what time it is. */
function undated({ body, status, statusText, headers }: Response): Response {
  const others = new Headers(headers);
  others.delete("Date");
  // Where there is nothing in it, nothing may be in it.
  const isEmpty = status === 204 || status === 304;
  return new Response(isEmpty ? null : body, { status, statusText, headers: others });
}

/** Those of this page. */
export const early = new EarlyAnswers();
