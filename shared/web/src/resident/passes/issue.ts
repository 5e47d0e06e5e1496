/** Issuing a pass, once, however often it is sent. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { cloud, type Doc } from "~/api/client";
import { useOnce } from "~/api/once";
import { useCommunity } from "~/session/session";
import { OF_HOUSE, type Pass } from "./passes";

/** What is not said has its default. */
export type Wanted = Doc<"NewPass">;

export function useIssue() {
  const community = useCommunity();
  const queries = useQueryClient();
  const once = useOnce();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  const issue = async (house: string, wanted: Wanted): Promise<Pass | undefined> => {
    if (busy) return undefined;
    setBusy(true);
    setError(undefined);
    try {
      const { data, error } = await cloud.POST(OF_HOUSE, {
        params: { path: { community, house }, header: once([house, wanted]) },
        body: wanted,
      });
      if (error) throw error;
      queries.invalidateQueries({ queryKey: ["get", OF_HOUSE] });
      return data;
    } catch (problem) {
      setError(problem);
      return undefined;
    } finally {
      setBusy(false);
    }
  };
  return { issue, busy, error };
}
