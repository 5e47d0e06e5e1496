/**
 * The kiosk's API, which the hub in the gatehouse serves, typed by its own description.
 *
 * Queries are made of `hub` (`hub.useQuery("get", "/api/…", …)`), everything else of `kiosk`. What goes wrong is a problem in
 * the guard's language, or `Away` where nothing answered.
 */
import createFetchClient from "openapi-fetch";
import createQueryClient from "openapi-react-query";
import { manners, problemOf } from "./answers";
import type { components, paths } from "./hub";

/** A document of the API by its name: `Doc<"State">`. */
export type Doc<Name extends keyof components["schemas"]> = components["schemas"][Name];

/** A hub that is there answers at once; checking a PIN is slow on purpose, and no slower than this. */
const PATIENCE_MS = 8_000;

export const kiosk = createFetchClient<paths>({
  baseUrl: window.location.origin,
  fetch: (request) =>
    fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(PATIENCE_MS)]) }),
});
kiosk.use(manners);

export const hub = createQueryClient(kiosk);

/** The problem that an error is; nothing for what is none. */
export function refusalOf(error: unknown): Doc<"Problem"> | undefined {
  return problemOf(error) as Doc<"Problem"> | undefined;
}

/** What an answer brought; a problem is thrown. */
export async function told<T>(answer: Promise<{ data?: T; error?: unknown }>): Promise<T> {
  const { data, error } = await answer;
  if (error) throw error;
  return data as T;
}
