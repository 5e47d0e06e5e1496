/** How long to wait before it is tried again: longer each time, and for everybody else a little otherwise. */
const FIRST_MS = 1_500;
const MOST_MS = 60_000;

/** `tries` have failed one after another; `chance` is from 0 to 1. A cloud that began anew is not met by all at once. */
export function pause(tries: number, chance: number): number {
  return Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(tries, 10)) * (0.5 + chance);
}
