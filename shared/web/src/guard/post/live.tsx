/**
 * What the screen knows of the hub at this moment, and whether it knows anything at all.
 *
 * The hub tells what changes (server-sent events); besides, everything is read now and then, because a hub that hangs, or a cable
 * that was pulled, says nothing. What is shown while nothing answers is old, and said to be.
 */
import { type Query, useQueryClient } from "@tanstack/react-query";
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { problemOf } from "~/api/answers";
import { type Doc, hub } from "~/api/kiosk";
import { useSpeech } from "~/texts/texts";
import { WHO } from "../session/session";
import { follow, type Told } from "./stream";

const READ_MS = 5_000;
const AGAIN_MS = 2_000;
/** What a new line of the journal makes old. */
const OLD = ["/api/arrivals", "/api/journal", "/api/inside", "/api/expected", "/api/shift"];

/** Whoever reads further down the journal is left in peace. */
function isAtTop({ state }: Query): boolean {
  const data = state.data as { pages?: unknown[] } | undefined;
  return (data?.pages?.length ?? 0) <= 1;
}

export type Live = {
  state: Doc<"State">;
  /** Whether the hub answers. */
  answers: boolean;
  /** Whether somebody is there: what is kept behind the question who it is asks for nothing. */
  signedIn: boolean;
  /** The hub's time: moments of its documents are by it. */
  now: () => number;
};
const Known = createContext<Live | null>(null);

export function useLive(): Live {
  const live = useContext(Known);
  if (!live) throw new Error("the hub's state outside of Hub");
  return live;
}

/** The hub's time, every second. */
export function useNow(): number {
  const { now } = useLive();
  const [at, tick] = useState(now);
  useEffect(() => {
    tick(now());
    const timer = setInterval(() => tick(now()), 1_000);
    return () => clearInterval(timer);
  }, [now]);
  return at;
}

/** Keeps the state true while somebody is signed in; `before` stands until it is known. */
export function Hub({
  signedIn,
  before,
  children,
}: {
  signedIn: boolean;
  before: (error: unknown) => ReactNode;
  children: ReactNode;
}) {
  const { data: read, error } = hub.useQuery(
    "get",
    "/api/state",
    {},
    { enabled: signedIn, refetchInterval: READ_MS, refetchIntervalInBackground: true, retry: false },
  );
  const { told, cut } = useStream(signedIn);
  // What is told is newer than any answer that may be on its way.
  const state = useMemo(() => read && { ...read, ...told }, [read, told]);
  const answers = !cut && !(error && !problemOf(error));
  const clock = read?.clock.now_ms ?? 0;
  const ahead = useMemo(() => clock - Date.now(), [clock]);
  const now = useCallback(() => Date.now() + ahead, [ahead]);
  const live = useMemo(() => state && { state, answers, signedIn, now }, [state, answers, signedIn, now]);
  return live ? <Known.Provider value={live}>{children}</Known.Provider> : before(error);
}

/** Follows the hub: what it told last, and whether it is cut off. */
function useStream(signedIn: boolean): { told?: Doc<"Live">; cut: boolean } {
  const { language } = useSpeech();
  const queries = useQueryClient();
  const [cut, setCut] = useState(false);
  const [told, setTold] = useState<Doc<"Live">>();
  const spoken = useRef(language);
  useEffect(() => {
    if (!signedIn) return;
    // All that is shown was told in a language.
    if (spoken.current !== language) queries.invalidateQueries();
    spoken.current = language;
    const over = new AbortController();
    let again: ReturnType<typeof setTimeout>;
    let first = true;
    const open = () => {
      setCut(false);
      // While it was cut, anything may have changed.
      if (!first) queries.invalidateQueries();
      first = false;
    };
    const tell = ({ event, data }: Told) => {
      if (event === "state") {
        setTold(JSON.parse(data));
      } else {
        for (const path of OLD) queries.invalidateQueries({ queryKey: ["get", path], predicate: isAtTop });
      }
    };
    const keep = () =>
      follow("/api/events", { signal: over.signal, open, tell }).catch(() => {
        if (over.signal.aborted) return;
        setCut(true);
        setTold(undefined);
        first = false;
        // A hub that says no may have another reason than the network: the session is over.
        queries.invalidateQueries({ queryKey: WHO });
        again = setTimeout(keep, AGAIN_MS);
      });
    keep();
    return () => {
      clearTimeout(again);
      over.abort();
      setCut(false);
      setTold(undefined);
    };
  }, [signedIn, queries, language]);
  return { told, cut };
}
