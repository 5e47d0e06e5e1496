/** What waits for an administrator: the same for the badge, the inbox and an application that is looked at. */
import { api } from "~/api/client";
import { useCommunity } from "~/session/session";
import { BY_CURSOR } from "~/ui/Pages";

/** A hub says within seconds that it is there, but no event says that it is not. */
const HUBS_MS = 60_000;

export function useApplications() {
  const community = useCommunity();
  return api.useInfiniteQuery(
    "get",
    "/api/v1/communities/{community}/applications",
    { params: { path: { community } } },
    BY_CURSOR,
  );
}

export function useWaiting() {
  const community = useCommunity();
  const params = { path: { community } };
  const applications = useApplications();
  const alarms = api.useQuery("get", "/api/v1/communities/{community}/alarms", { params });
  const hubs = api.useQuery(
    "get",
    "/api/v1/communities/{community}/hubs",
    { params },
    { refetchInterval: HUBS_MS },
  );

  const all = applications.data?.pages.flatMap((page) => page.applications) ?? [];
  const waits = all.filter((application) => !application.decision);
  const standing = alarms.data?.alarms ?? [];
  // Once it is an alarm, it is said there.
  const alarmed = new Set(standing.filter(({ kind }) => kind === "hub_silent").map(({ name }) => name));
  const away = (hubs.data?.hubs ?? []).filter(
    (hub) => !hub.revoked_ms && !hub.connection && !alarmed.has(hub.label),
  );
  return {
    queries: [applications, alarms, hubs],
    applications: waits,
    decided: all.filter((application) => application.decision),
    alarms: standing,
    away,
    count: waits.length + standing.length + away.length,
    /** Whether there are more applications than were read. */
    more: applications.hasNextPage && waits.length === all.length,
    readMore: applications.fetchNextPage,
  };
}
