/** What was filled in, as the cloud wants it. Whether it makes sense, and what is missing, the cloud says. */
import { isDay } from "~/ui/days";
import type { Wanted } from "./issue";
import type { Kind } from "./passes";

/** As typed and chosen. Days are `2026-03-31`, hours `08:00`. */
export type Form = {
  plate: string;
  name: string;
  note: string;
  code: boolean;
  day: string;
  minutes: string;
  weekdays: number[];
  from: string;
  until: string;
  last: string;
  entries: string;
};

export function blank(kind: Kind, today: string): Form {
  return {
    plate: "",
    name: "",
    note: "",
    code: kind === "event",
    day: today,
    minutes: kind === "taxi" ? "60" : "120",
    weekdays: [1, 2, 3, 4, 5],
    from: "08:00",
    until: "20:00",
    last: shifted(today, 90) ?? "",
    entries: "10",
  };
}

export function wanted(kind: Kind, form: Form, zone: string): Wanted {
  const { plate, name, note, code } = form;
  const who = { kind, plate, name, note, code };
  switch (kind) {
    case "guest":
      return { ...who, day: isDay(form.day) ? form.day : null };
    case "event":
      return { ...who, day: isDay(form.day) ? form.day : null, entries: whole(form.entries) };
    case "taxi":
    case "courier":
      return { ...who, minutes: whole(form.minutes) };
    case "recurring":
      return {
        ...who,
        // Its last day is a whole one.
        until_ms: midnight(shifted(form.last, 1), zone) ?? null,
        weekly: {
          days: [...form.weekdays].sort(),
          from_minute: minute(form.from),
          until_minute: minute(form.until),
        },
      };
  }
}

function whole(text: string): number | null {
  return /^\d{1,9}$/.test(text.trim()) ? Number(text) : null;
}

/** Minutes after midnight; one that no day has where nothing was typed. */
function minute(time: string): number {
  const [, hours, minutes] = /^(\d\d):(\d\d)/.exec(time) ?? [];
  return hours && minutes ? Number(hours) * 60 + Number(minutes) : 1440;
}

/** The date so many days later; nothing for what is no date. */
export function shifted(date: string, days: number): string | undefined {
  if (!isDay(date)) return undefined;
  const day = new Date(`${date}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
}

/** The moment at which a day begins in a time zone (empty: the browser's), in milliseconds since 1970; nothing for what is no date. */
export function midnight(date: string | undefined, zone: string): number | undefined {
  if (!date || !isDay(date)) return undefined;
  const clock = new Intl.DateTimeFormat("sv-SE", {
    timeZone: zone || undefined,
    dateStyle: "short",
    timeStyle: "medium",
  });
  const wall = Date.parse(`${date}T00:00:00Z`);
  const ahead = (ms: number) => Date.parse(`${clock.format(ms).replace(" ", "T")}Z`) - ms;
  // The second look is for days on which clocks are put forward or back.
  return wall - ahead(wall - ahead(wall));
}
