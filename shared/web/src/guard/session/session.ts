/** Who has signed in at this screen. */
import { useQueryClient } from "@tanstack/react-query";
import { type Doc, hub, kiosk, told } from "~/api/kiosk";

export const WHO = hub.queryOptions("get", "/api/session").queryKey;
/** How often a screen at which nobody is signed in looks whether the hub is there. */
const LOOK_MS = 3_000;

/** Who has signed in. It is asked again by itself while nobody has, and while nothing answers. */
export function useWho() {
  return hub.useQuery(
    "get",
    "/api/session",
    {},
    {
      retry: false,
      refetchInterval: ({ state }) => (state.error || !state.data?.guard ? LOOK_MS : false),
      refetchIntervalInBackground: true,
    },
  );
}

/** Ways in and out. What was read under another guard is read anew. */
export function useSession() {
  const queries = useQueryClient();
  const begin = async (session: Doc<"Session">) => {
    queries.setQueryData(WHO, session);
    await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] !== WHO[1] });
  };
  return {
    signIn: async (guard: string, pin: string) =>
      begin(await told(kiosk.POST("/api/session", { body: { guard, pin } }))),
    handOver: async (guard: string, pin: string, note: string) =>
      begin(await told(kiosk.POST("/api/shift/handover", { body: { guard, pin, note } }))),
    signOut: async () => {
      await told(kiosk.DELETE("/api/session"));
      queries.setQueryData(WHO, { guard: null });
    },
  };
}
