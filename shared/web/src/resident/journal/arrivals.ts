/** Lines of the journal as a person thinks of them: an arrival, and what came of it. */
import type { Doc } from "~/api/client";

export type Line = Doc<"Line">;
export type Arrival = { line: Line; later: Line[] };

/** What follows from another line stands with it, the earliest first. Lines and arrivals: the newest first. */
export function arrivals(lines: Line[]): Arrival[] {
  const known = new Map(lines.map((line) => [line.id, line]));
  const first = (line: Line, steps = 8): Line => {
    const about = line.about ? known.get(line.about) : undefined;
    return about && steps > 0 ? first(about, steps - 1) : line;
  };
  const found = new Map<string, Arrival>();
  for (const line of lines) if (first(line) === line) found.set(line.id, { line, later: [] });
  for (const line of lines) {
    const root = first(line);
    if (root !== line) found.get(root.id)?.later.unshift(line);
  }
  return [...found.values()];
}
