/** The gatehouses that can count a pass's entries, by their gates; there is something to choose where there are several. */
import { api } from "~/api/client";
import { useCommunity } from "~/session/session";

export function useDeciders(): { hub: string; gates: string[] }[] {
  const params = { path: { community: useCommunity() } };
  const gates = api.useQuery("get", "/api/v1/communities/{community}/gates", { params });
  const hubs = new Map<string, string[]>();
  for (const { hub, name } of gates.data?.gates ?? []) hubs.set(hub, [...(hubs.get(hub) ?? []), name]);
  return [...hubs].map(([hub, gates]) => ({ hub, gates }));
}
