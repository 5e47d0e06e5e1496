/** What time it is by the server's clock, which says until when something counts. This device's may be wrong. */
import type { Middleware } from "openapi-fetch";

/** A `Date` header says whole seconds. */
const PRECISION_MS = 1000;

export class ServerClock {
  /** By how much it is ahead of this device's: at least, and at most. */
  #bounds: [number, number] | undefined;

  /** An answer was asked for and came, by this device's clock, and was dated in between. */
  measure(asked_ms: number, came_ms: number, dated_ms: number) {
    const [least, most] = [dated_ms - came_ms, dated_ms + PRECISION_MS - asked_ms];
    if (Number.isNaN(dated_ms) || least > most) return;
    const [known, limit] = this.#bounds ?? [least, most];
    const both: [number, number] = [Math.max(known, least), Math.min(limit, most)];
    // Where they contradict each other, somebody has set one of the clocks.
    this.#bounds = both[0] <= both[1] ? both : [least, most];
  }

  /** The server's time at a moment of this device's; the same until an answer has come. */
  at(ms: number): number {
    const [least, most] = this.#bounds ?? [0, 0];
    return ms + Math.round((least + most) / 2);
  }

  now(): number {
    return this.at(Date.now());
  }

  /** Measures by every answer. */
  measuring(): Middleware {
    const asked = new Map<string, number>();
    return {
      onRequest: ({ id }) => {
        asked.set(id, Date.now());
        return undefined;
      },
      onResponse: ({ id, response }) => {
        const asked_ms = asked.get(id);
        asked.delete(id);
        const dated_ms = Date.parse(response.headers.get("Date") ?? "");
        if (asked_ms !== undefined) this.measure(asked_ms, Date.now(), dated_ms);
      },
      onError: ({ id }) => {
        asked.delete(id);
      },
    };
  }
}
