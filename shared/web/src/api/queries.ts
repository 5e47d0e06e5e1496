/** How long what was read counts, and what is tried again. */
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { problemOf } from "./answers";

const MINUTE_MS = 60_000;

/** `keptMs`: how long what nobody looks at is kept. */
export function queries(keptMs = 24 * 60 * MINUTE_MS): QueryClient {
  // A session may end elsewhere: then the page asks who is signed in, and whoever is nobody signs in.
  const noticed = (error: unknown) => {
    if (problemOf(error)?.code === "no-session")
      client.invalidateQueries({ queryKey: ["get", "/api/v1/session"] });
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError: noticed }),
    mutationCache: new MutationCache({ onError: noticed }),
    defaultOptions: {
      queries: {
        staleTime: MINUTE_MS,
        gcTime: keptMs,
        networkMode: "offlineFirst",
        // A problem is an answer: asking again brings the same.
        retry: (failures, error) => !problemOf(error) && failures < 2,
      },
      mutations: { networkMode: "always" },
    },
  });
  return client;
}
