/** What changes while a page is looked at: the cloud tells it (server-sent events), and what was read is read anew. */
import { type Query, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { api } from "~/api/client";
import { spoken } from "~/texts/language";
import { pause } from "./pause";
import { useCommunity } from "./session";

/** Paths whose answers an event makes old, behind `/api/v1/communities/{community}`. */
const OLD: Record<string, string[]> = {
  entry: ["/houses/{house}/journal", "/journal", "/me/audit"],
  journal: ["/houses/{house}/journal", "/journal"],
  passes: ["/houses/{house}/passes", "/passes/{pass}", "/expected"],
  office: ["/applications", "/alarms"],
};
const BASE = "/api/v1/communities/{community}";

/** A connection that is cut for less is no news. */
const PATIENCE_MS = 4_000;
/** A stream that says nothing for so long is looked after: connections die without a word. */
const SILENCE_MS = 40_000;
/** A page that nobody has looked at for so long gives its connection back: a browser has six for one cloud. */
const HIDDEN_MS = 30_000;

/** A list of which more pages were read is not read anew by each line that comes, but when it is looked at again. */
const PAGES = 3;
const isShort = ({ state }: Query) => ((state.data as { pages?: unknown[] })?.pages?.length ?? 0) <= PAGES;

/** Whether the page is looked at, or was a moment ago. */
function useWatched(): boolean {
  const [watched, setWatched] = useState(true);
  useEffect(() => {
    let leaves: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      clearTimeout(leaves);
      if (document.hidden) leaves = setTimeout(() => setWatched(false), HIDDEN_MS);
      else setWatched(true);
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => {
      clearTimeout(leaves);
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
  return watched;
}

/** Keeps what a page shows true while it is open. Once a page. Says whether nothing answers. */
export function useLive(): boolean {
  const community = useCommunity();
  const queries = useQueryClient();
  const watched = useWatched();
  const [away, setAway] = useState(() => !navigator.onLine);
  // What was not told since may be old; and that outlives a stream.
  const missed = useRef(false);

  useEffect(() => {
    if (!watched) return;
    let events: EventSource | undefined;
    let tries = 0;
    let wasOpen = false;
    let waits: ReturnType<typeof setTimeout> | undefined;
    let again: ReturnType<typeof setTimeout> | undefined;
    let silence: ReturnType<typeof setTimeout> | undefined;
    let over = false;
    const params = { path: { community } };

    const hear = () => {
      clearTimeout(silence);
      silence = setTimeout(lookAfter, SILENCE_MS);
    };
    /** What the stream should have told is asked; where it did not, it is dead. */
    const lookAfter = async () => {
      const options = api.queryOptions("get", `${BASE}/gates`, { params });
      const known = JSON.stringify(queries.getQueryData(options.queryKey));
      try {
        const now = await queries.fetchQuery({ ...options, staleTime: 0, retry: false });
        if (over) return;
        if (known === undefined || known === JSON.stringify(now)) {
          // Nobody may wait at a gate unseen.
          queries.invalidateQueries({ queryKey: ["get", `${BASE}/questions`] });
          hear();
        } else cut();
      } catch {
        if (!over) cut();
      }
    };
    const cut = async () => {
      events?.close();
      clearTimeout(silence);
      clearTimeout(again);
      missed.current = true;
      if (!wasOpen || !navigator.onLine) setAway(true);
      waits ??= setTimeout(() => setAway(true), PATIENCE_MS);
      again = setTimeout(open, pause(tries, Math.random()));
      tries += 1;
      if (tries < 2) return;
      // Whose session has ended is told so by this. And who is answered is not away, only sent away: then it is asked instead.
      await queries.invalidateQueries({ queryKey: ["get", "/api/v1/session"] });
      const isAnswered = queries.getQueryState(["get", "/api/v1/session", {}])?.status === "success";
      if (over || !isAnswered) return;
      clearTimeout(waits);
      waits = undefined;
      setAway(false);
      queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] !== "/api/v1/session" });
    };
    const open = () => {
      events = new EventSource(`/api/v1/communities/${community}/events`);
      for (const [name, paths] of Object.entries(OLD)) {
        events.addEventListener(name, () => {
          hear();
          for (const path of paths) {
            const queryKey = ["get", `${BASE}${path}`];
            queries.invalidateQueries({ queryKey, refetchType: "none" });
            queries.refetchQueries({ queryKey, type: "active", predicate: isShort });
          }
        });
      }
      for (const path of ["questions", "gates"] as const) {
        const { queryKey } = api.queryOptions("get", `${BASE}/${path}`, { params });
        events.addEventListener(path, ({ data }) => {
          hear();
          // A stream speaks the browser's language, whatever the page's is.
          if (document.documentElement.lang === spoken()) queries.setQueryData(queryKey, JSON.parse(data));
          else queries.invalidateQueries({ queryKey });
        });
      }
      events.addEventListener("error", cut);
      events.addEventListener("open", () => {
        clearTimeout(waits);
        waits = undefined;
        wasOpen = true;
        tries = 0;
        setAway(false);
        // While it was cut, anything may have changed.
        if (missed.current) queries.invalidateQueries();
        missed.current = false;
        hear();
      });
    };
    const lost = () => setAway(true);
    const found = () => {
      if (events?.readyState === EventSource.OPEN) return setAway(false);
      clearTimeout(again);
      events?.close();
      tries = 0;
      open();
    };
    window.addEventListener("offline", lost);
    window.addEventListener("online", found);
    open();
    return () => {
      over = true;
      missed.current = true;
      for (const timer of [waits, again, silence]) clearTimeout(timer);
      events?.close();
      window.removeEventListener("offline", lost);
      window.removeEventListener("online", found);
    };
  }, [community, queries, watched]);
  return away;
}
