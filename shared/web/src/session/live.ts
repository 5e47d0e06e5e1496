/** What changes while a page is looked at: the cloud tells it (server-sent events), and what was read is read anew. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
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

/** Keeps what a page shows true while it is open. Once a page. */
export function useLive() {
  const community = useCommunity();
  const queries = useQueryClient();
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
    events.addEventListener("error", () => {
      cut = true;
    });
    events.addEventListener("open", () => {
      if (cut) queries.invalidateQueries();
      cut = false;
    });
    return () => events.close();
  }, [community, queries]);
}
