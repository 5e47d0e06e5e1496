/** In which settlement a page is. */
import type { Doc } from "~/api/client";

/** Where the one that was chosen is kept. */
export const KEPT = "community";

/** The one chosen here before, or else the first in which the account is somebody now. */
export function personIn({ persons }: Doc<"Account">, chosen: string | null): Doc<"MyPerson"> | undefined {
  const living = persons.filter(({ held }) => held.length > 0);
  return living.find(({ community }) => community === chosen) ?? living[0];
}
