/** What changes while a page is looked at: the cloud tells it (server-sent events), and what was read is read anew. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api } from "~/api/client";
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
/** When it is worth another try where the cloud has sent us away. */
const AGAIN_MS = 30_000;

/** Keeps what a page shows true while it is open. Once a page. Says whether nothing answers. */
export function useLive(): boolean {
  const community = useCommunity();
  const queries = useQueryClient();
  const [tries, setTries] = useState(0);
  const [away, setAway] = useState(() => !navigator.onLine);

  useEffect(() => {
    const lost = () => setAway(true);
    window.addEventListener("offline", lost);
    return () => window.removeEventListener("offline", lost);
  }, []);

  useEffect(() => {
    const events = new EventSource(`/api/v1/communities/${community}/events`);
    const params = { path: { community } };
    for (const [name, paths] of Object.entries(OLD)) {
      events.addEventListener(name, () => {
        for (const path of paths) queries.invalidateQueries({ queryKey: ["get", `${BASE}${path}`] });
      });
    }
    for (const path of ["questions", "gates"] as const) {
      const { queryKey } = api.queryOptions("get", `${BASE}/${path}`, { params });
      events.addEventListener(path, ({ data }) => queries.setQueryData(queryKey, JSON.parse(data)));
    }
    // While it was cut, anything may have changed.
    let cut = false;
    let wasOpen = false;
    let waits: ReturnType<typeof setTimeout> | undefined;
    let again: ReturnType<typeof setTimeout> | undefined;
    events.addEventListener("error", () => {
      cut = true;
      if (!wasOpen || !navigator.onLine) setAway(true);
      waits ??= setTimeout(() => setAway(true), PATIENCE_MS);
      if (events.readyState === EventSource.CLOSED) {
        // A refusal, after which the browser gives up: whose session has ended is told so by the next question.
        queries.invalidateQueries({ queryKey: ["get", "/api/v1/session"] });
        again ??= setTimeout(() => setTries((tries) => tries + 1), AGAIN_MS);
      }
    });
    events.addEventListener("open", () => {
      clearTimeout(waits);
      waits = undefined;
      wasOpen = true;
      setAway(false);
      if (cut || tries > 0) queries.invalidateQueries();
      cut = false;
    });
    return () => {
      clearTimeout(waits);
      clearTimeout(again);
      events.close();
    };
  }, [community, queries, tries]);
  return away;
}
