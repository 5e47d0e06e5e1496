/** What may come in the place of an answer, of the cloud's API and of the kiosk's alike. */
import type { Middleware } from "openapi-fetch";
import type { components } from "./cloud";

/** Problem details (RFC 9457) in the person's language. */
export type Problem = components["schemas"]["Problem"];

/** Nothing answered: no network, or nobody there. */
export class Away extends Error {
  override name = "Away";
}

/** Asks in the language of the page, and tells what is no answer from what is one. */
export const manners: Middleware = {
  onRequest({ request }) {
    request.headers.set("Accept-Language", document.documentElement.lang);
    return request;
  },
  onResponse({ response }) {
    // A proxy before a cloud that is down speaks HTML.
    const kind = response.headers.get("Content-Type") ?? "";
    if (!response.ok && !kind.includes("json")) throw new Away(`${response.status}`);
  },
  onError: () => new Away(),
};

/** The problem that an error is; nothing for what is none. */
export function problemOf(error: unknown): Problem | undefined {
  const is = typeof error === "object" && error !== null && "code" in error && "detail" in error;
  return is ? (error as Problem) : undefined;
}

/** What is wrong with a field of the form that was sent, in words. */
export function wrongWith(error: unknown, field: string): string | undefined {
  const problem = problemOf(error);
  return problem?.field === field ? problem.detail : undefined;
}
