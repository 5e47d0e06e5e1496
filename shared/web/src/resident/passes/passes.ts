/** The passes of my houses, from the cloud. */
import { cloud, type Doc } from "~/api/client";
import { useHere } from "~/session/session";
import { useOfHouses } from "../houses";

export type Pass = Doc<"Pass">;
export type Kind = Doc<"PassKind">;

/** What they can be for, the most usual first. */
export const KINDS = ["guest", "courier", "taxi", "recurring", "event"] as const satisfies readonly Kind[];

export const OF_HOUSE = "/api/v1/communities/{community}/houses/{house}/passes";

/** The passes of all my houses that let somebody in, now or later: the first to end first. */
export function useCurrentPasses() {
  const { community } = useHere();
  const { data, ...query } = useOfHouses((house) => ({
    // Events make what begins so old.
    queryKey: ["get", OF_HOUSE, { community, house, which: "current" }],
    queryFn: ({ signal }) => current(community, house, signal),
  }));
  return {
    ...query,
    data: data?.flat().sort((one, other) => one.validity.until_ms - other.validity.until_ms),
  };
}

/** All pages: a house has so many at most. */
async function current(community: string, house: string, signal: AbortSignal): Promise<Pass[]> {
  const passes: Pass[] = [];
  for (let after: string | undefined; ; ) {
    const { data, error } = await cloud.GET(OF_HOUSE, {
      params: { path: { community, house }, query: { which: "current", after } },
      signal,
    });
    if (error) throw error;
    passes.push(...data.passes);
    if (!data.next) return passes;
    after = data.next;
  }
}
