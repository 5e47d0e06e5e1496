/** Who is signed in, and in which settlement this page is. */
import { type Query, type QueryClient, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";
import { api, type Doc, leave } from "~/api/client";
import { Zone } from "~/ui/times";
import { KEPT, personIn } from "./where";

export type Account = Doc<"Account">;
/** The person that the account is in the settlement of this page. */
export type Here = Doc<"MyPerson"> & {
  account: Account;
  /** The houses in which they have a place, each once. */
  houses: { id: string; label: string }[];
  is: (capacity: string) => boolean;
  /** Whether they may do it, in that house or, where none is named, anywhere; by the names of `x-who` in the description. */
  may: (permission: string, house?: string) => boolean;
  /** Goes to another settlement. */
  go: (community: string) => void;
};

const SESSION = "/api/v1/session";
const Within = createContext<Here | null>(null);

const OPENED_MS = Date.now();

/** Whether that is what the cloud said since this page was opened, or else what was kept of another day. */
export const isOfNow = ({ dataUpdatedAt }: { dataUpdatedAt: number }) => dataUpdatedAt >= OPENED_MS;

/** Who is signed in; null for nobody. */
export function useAccount() {
  return api.useQuery("get", SESSION, {}, { select: (session) => session.account ?? null });
}

/** The bot in Telegram, where there is one. */
export function useBot(): string | undefined {
  return api.useQuery("get", SESSION, {}, { select: (session) => session.telegram ?? undefined }).data;
}

/** Who one is in the settlement of this page. */
export function useHere(): Here {
  const here = useContext(Within);
  if (!here) throw new Error("somebody of a settlement outside of Settlement");
  return here;
}

/** What every path of the settlement is asked with: `{ params: { path: { community, … } } }`. */
export function useCommunity(): string {
  return useHere().community;
}

/** The settlement of a page: the one chosen here before, or else the first in which the account is somebody now. */
export function Settlement({
  account,
  nobody,
  children,
}: {
  account: Account;
  /** Where the account is nobody anywhere. */
  nobody: ReactNode;
  children: ReactNode;
}) {
  const [kept, keep] = useState(() => localStorage.getItem(KEPT));
  const go = useCallback((community: string) => {
    localStorage.setItem(KEPT, community);
    keep(community);
  }, []);
  const person = personIn(account, kept);
  return person ? (
    <Person account={account} person={person} key={person.community} go={go}>
      {children}
    </Person>
  ) : (
    nobody
  );
}

function Person({
  account,
  person,
  go,
  children,
}: {
  account: Account;
  person: Doc<"MyPerson">;
  go: (community: string) => void;
  children: ReactNode;
}) {
  const params = { path: { community: person.community } };
  const me = api.useQuery("get", "/api/v1/communities/{community}/me", { params });
  const community = api.useQuery("get", "/api/v1/communities/{community}", { params });
  const here = useMemo<Here>(() => {
    // Which they are is known at once, how they are called when it is known who one is.
    const labels = new Map<string, string>();
    for (const { house } of person.held) if (house) labels.set(house, "");
    for (const { house, house_label } of me.data?.held ?? []) if (house) labels.set(house, house_label);
    const houses = [...labels].map(([id, label]) => ({ id, label }));
    return {
      ...person,
      account,
      houses,
      is: (capacity) => person.held.some((held) => held.capacity === capacity),
      may: (permission, house) =>
        person.held.some(
          (held) => held.may.includes(permission) && (!house || !held.house || held.house === house),
        ),
      go,
    };
  }, [account, person, me.data, go]);
  return (
    <Within.Provider value={here}>
      <Zone.Provider value={community.data?.time_zone ?? ""}>{children}</Zone.Provider>
    </Within.Provider>
  );
}

const isOther = ({ queryKey }: Query) => queryKey[1] !== SESSION;

/** Keeps accounts apart: whenever somebody else is signed in than before, or nobody, what was read is forgotten. */
export function keepApart(queries: QueryClient) {
  let whose: string | undefined;
  queries.getQueryCache().subscribe(({ query }) => {
    const session: Doc<"SessionDocument"> | undefined = isOther(query) ? undefined : query.state.data;
    if (!session) return;
    const before = whose;
    whose = session.account?.id ?? "";
    if (before !== undefined && before !== whose) queries.removeQueries({ predicate: isOther });
  });
}

/** Somebody has signed in, or out. */
export function signedIn(queries: QueryClient, session: Doc<"SessionDocument">) {
  // The bot is there for everybody.
  const anew = (before?: Doc<"SessionDocument">) => ({ telegram: before?.telegram, ...session });
  queries.setQueryData(["get", SESSION, {}], anew);
  // Where they are somebody now, they may not have been before.
  queries.invalidateQueries({ predicate: isOther });
}

/**
 * Signs out, and forgets here whatever was read; `forget` destroys what a page keeps beside that.
 *
 * Also where nothing answers: whoever leaves a strange computer may not come back to it.
 */
export function useSignOut(forget?: () => Promise<unknown>) {
  const queries = useQueryClient();
  return async () => {
    leave.begin();
    localStorage.removeItem(KEPT);
    signedIn(queries, {});
    await forget?.().catch(() => undefined);
    // Where it fails it goes before whatever is asked next, and that is asked when there is a network again.
    await leave.told().catch(() => queries.invalidateQueries({ queryKey: ["get", SESSION] }));
  };
}
