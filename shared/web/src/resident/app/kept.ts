/**
 * What is shown without a network: of what was read, passes, gates and whom one is, kept in this browser.
 *
 * Invariants: only answers of {@link KEPT} are kept, none older than a week; they are the account's that is signed in, and
 * destroyed when it signs out or another signs in, and when the API has changed.
 */
import { createAsyncStoragePersister } from "@tanstack/query-async-storage-persister";
import type { PersistedClient, PersistQueryClientProviderProps } from "@tanstack/react-query-persist-client";
import { createStore, del, get, set } from "idb-keyval";

const WEEK_MS = 7 * 24 * 3_600_000;
const BASE = "/api/v1/communities/{community}";
const SESSION = "/api/v1/session";

/** What is kept, by the API's paths. */
const KEPT = new Set([
  SESSION,
  BASE,
  `${BASE}/me`,
  `${BASE}/gates`,
  `${BASE}/expected`,
  `${BASE}/houses/{house}/passes`,
  `${BASE}/passes/{pass}`,
]);

type Answer = { queryKey: readonly unknown[]; state: { data?: unknown; dataUpdatedAt: number } };

/** Whether an answer is one to keep; that it could not be read anew since does not matter. */
export function isKept({ queryKey, state }: Answer, now: number): boolean {
  return state.data !== undefined && KEPT.has(String(queryKey[1])) && now - state.dataUpdatedAt < WEEK_MS;
}

/** Of what was kept, what still counts; nothing where nobody was signed in. */
export function whatCounts(client: PersistedClient, now: number): PersistedClient {
  const queries = client.clientState.queries.filter((query) => isKept(query, now));
  const session = queries.find(({ queryKey }) => queryKey[1] === SESSION)?.state.data;
  const isSomebody = Boolean((session as { account?: unknown } | undefined)?.account);
  return { ...client, clientState: { ...client.clientState, queries: isSomebody ? queries : [] } };
}

const place = createStore("dwellers", "kept");

const persister = createAsyncStoragePersister({
  // Some browsers have no such place in a private window: then nothing is kept.
  storage: {
    getItem: (key) => get<string>(key, place).catch(() => undefined),
    setItem: (key, value: string) => set(key, value, place).catch(() => undefined),
    removeItem: (key) => del(key, place).catch(() => undefined),
  },
  key: "answers",
  deserialize: (text) => whatCounts(JSON.parse(text), Date.now()),
});

export const persistOptions = {
  persister,
  maxAge: WEEK_MS,
  // What was said in another shape is not understood.
  buster: import.meta.env.ANSWERS,
  dehydrateOptions: {
    shouldDehydrateQuery: (query) => isKept(query, Date.now()),
    shouldDehydrateMutation: () => false,
  },
} satisfies PersistQueryClientProviderProps["persistOptions"];

/** Destroys what is kept here. What is known afterwards, which is nobody's, may be kept anew. */
export const forget = async () => persister.removeClient();
