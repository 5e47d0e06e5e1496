/** What is looked for in the journal, as it stands in the page's address: so it can be sent to another, and lived through a reload. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Doc } from "~/api/client";
import { isMoment } from "~/ui/days";

/** What is worth looking for by itself; the rest follows from it. */
export const KINDS = [
  "decided",
  "passed",
  "tailgated",
  "refused_by_guard",
  "visitor",
  "asked",
  "answered",
  "failed",
  "jammed",
  "obstructed",
  "hold_began",
  "fire_began",
  "driver_lost",
  "shift_began",
] as const satisfies Doc<"EntryKind_EntryKind">[];
export type Kind = (typeof KINDS)[number];

export type Filters = {
  plate?: string;
  house?: string;
  kind?: Kind;
  /** Moments of the settlement's zone: `2026-03-31T14:05`. */
  from?: string;
  until?: string;
};

/** What is looked for, and how to look for something else. */
export function useFilters(): [Filters, (filters: Filters) => void] {
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  return [filters(search), (filters) => navigate({ to: ".", search: filters as never, replace: true })];
}

/** The address may have been written by hand: what makes no sense in it is left out. */
export function filters(search: Record<string, unknown>): Filters {
  const kind = KINDS.find((kind) => kind === search.kind);
  const plate = text(search.plate);
  const house = text(search.house, /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
  const from = moment(search.from);
  const until = moment(search.until);
  return {
    ...(plate && { plate }),
    ...(house && { house }),
    ...(kind && { kind }),
    ...(from && { from }),
    ...(until && { until }),
  };
}

/** A day or a moment, where it is one. */
export function moment(value: unknown): string | undefined {
  return typeof value === "string" && isMoment(value) ? value : undefined;
}

function text(value: unknown, like = /\S/): string | undefined {
  const text = typeof value === "string" || typeof value === "number" ? String(value) : "";
  return like.test(text) ? text : undefined;
}
