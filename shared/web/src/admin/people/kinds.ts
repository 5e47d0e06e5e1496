/** What somebody may be in a house. */
export const KINDS = ["owner", "family", "tenant", "staff"] as const;
export type Kind = (typeof KINDS)[number];
