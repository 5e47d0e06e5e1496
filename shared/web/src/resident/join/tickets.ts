/** By what an application is followed without an account: kept in this browser, one for each settlement. */
const KEPT = "applications";

export function tickets(): Record<string, string> {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "{}");
  } catch {
    return {};
  }
}

export const forgetTickets = () => localStorage.removeItem(KEPT);

export function keepTicket(community: string, ticket: string | undefined) {
  localStorage.setItem(KEPT, JSON.stringify({ ...tickets(), [community]: ticket }));
}
