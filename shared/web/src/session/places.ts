/** Where whoever signs in goes. */
import type { Doc } from "~/api/client";

/** Where somebody wanted to go before they had to sign in; nowhere but to a place of this site. */
export function wanted(to: unknown): string | undefined {
  return typeof to === "string" && /^\/(?![/\\])/.test(to) ? to : undefined;
}

/** Where somebody goes who has signed in: to what they wanted, or else to where their work is. */
export function firstPlace(account: Doc<"Account">, wanted?: string): string {
  if (wanted) return wanted;
  const held = account.persons.flatMap((person) => person.held);
  const isOffice =
    held.some(({ capacity }) => capacity === "administrator") && !held.some(({ house }) => house);
  return isOffice ? "/admin/" : "/";
}
