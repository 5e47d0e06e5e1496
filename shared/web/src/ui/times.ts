/** Moments in words, in the settlement's time zone: that is where gates stand. */
import { createContext, useContext } from "react";
import { type Texts, useSpeech } from "~/texts/texts";

/** The IANA name of the zone; empty: the browser's own. */
export const Zone = createContext("");

export type Times = {
  /** 14:05 */
  time: (ms: number) => string;
  /** 14:05:09, where minutes do not tell which. */
  second: (ms: number) => string;
  /** today, yesterday, tomorrow, 3 March */
  day: (ms: number) => string;
  /** today, 14:05 */
  moment: (ms: number) => string;
  /** 2026-03-31, as date fields want it. */
  date: (ms: number) => string;
  /** When it is that moment there, or that day begins: `2026-03-31T14:05` or `2026-03-31`, as fields give it. */
  instant: (local: string) => number;
};

const DAY_MS = 86_400_000;

/** Zones are younger than some browsers: one that is not known there is told in UTC. */
function known(zone: string): string | undefined {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone || undefined });
    return zone || undefined;
  } catch {
    return "UTC";
  }
}

/** Made when it is wanted first. */
function lazily<T>(make: () => T): () => T {
  let made: { it: T } | undefined;
  return () => {
    made ??= { it: make() };
    return made.it;
  };
}

export function times(language: string, zone: string, t: Texts, now: () => number): Times {
  const timeZone = lazily(() => known(zone));
  // Each costs a phone more than the line that it is for, and few pages need all.
  const format = (language: string, options: Intl.DateTimeFormatOptions) =>
    lazily(() => new Intl.DateTimeFormat(language, { timeZone: timeZone(), ...options }));
  // As it stands in the journal, in either language.
  const hourCycle = "h23";
  const clock = format(language, { hour: "2-digit", minute: "2-digit", hourCycle });
  const exact = format(language, { timeStyle: "medium", hourCycle });
  const near = format(language, { day: "numeric", month: "long" });
  const far = format(language, { day: "numeric", month: "long", year: "numeric" });
  const parts = format("sv-SE", { year: "numeric", month: "2-digit", day: "2-digit" });
  const wall = format("sv-SE", { dateStyle: "short", timeStyle: "medium" });
  const time = (ms: number) => clock().format(ms);
  const date = (ms: number) => parts().format(ms);
  const day = (ms: number) => {
    const [that, today] = [date(ms), date(now())];
    if (that === today) return t("day-today");
    if (that === date(now() - DAY_MS)) return t("day-yesterday");
    if (that === date(now() + DAY_MS)) return t("day-tomorrow");
    return that.slice(0, 4) === today.slice(0, 4) ? near().format(ms) : far().format(ms);
  };
  /** By how much the clock on the wall there is ahead of UTC. */
  const ahead = (ms: number) =>
    Date.parse(`${wall().format(ms).replace(" ", "T")}Z`) - Math.floor(ms / 1000) * 1000;
  const instant = (local: string) => {
    const asUtc = Date.parse(`${local.length === 10 ? `${local}T00:00` : local}Z`);
    // Once more where clocks are changed in between.
    return asUtc - ahead(asUtc - ahead(asUtc));
  };
  const second = (ms: number) => exact().format(ms);
  return { time, second, day, date, instant, moment: (ms) => `${day(ms)}, ${time(ms)}` };
}

/** Of each zone by the texts that speak: every line of a list would make its own otherwise. */
const spoken = new WeakMap<Texts, Map<string, Times>>();

export function useTimes(): Times {
  const zone = useContext(Zone);
  const { language, t } = useSpeech();
  const zones = spoken.get(t) ?? new Map<string, Times>();
  spoken.set(t, zones);
  const known = zones.get(zone) ?? times(language, zone, t, Date.now);
  zones.set(zone, known);
  return known;
}
