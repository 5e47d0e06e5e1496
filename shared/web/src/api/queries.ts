/** How long what was read counts, and what is tried again. */
import { QueryClient } from "@tanstack/react-query";
import { problemOf } from "./answers";

const MINUTE_MS = 60_000;

export function queries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: MINUTE_MS,
        gcTime: 24 * 60 * MINUTE_MS,
        networkMode: "offlineFirst",
        // A problem is an answer: asking again brings the same.
        retry: (failures, error) => !problemOf(error) && failures < 2,
      },
      mutations: { networkMode: "always" },
    },
  });
}
