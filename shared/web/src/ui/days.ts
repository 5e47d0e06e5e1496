/** Dates and hours as fields give them. A field takes a year of five digits, and anything stands in an address. */

/** The last day and the last moment that a field may name: with more digits it is no date. */
export const LAST_DAY = "9999-12-31";
export const LAST_MOMENT = `${LAST_DAY}T23:59`;

/** Whether it is a day of the calendar: `2026-03-31`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  // The 30th of February is taken for a day in March.
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** Whether it is a day, or an hour of one: `2026-03-31T14:05`. */
export function isMoment(text: string): boolean {
  const [day = "", hour = "00:00", ...more] = text.split("T");
  return isDay(day) && /^([01]\d|2[0-3]):[0-5]\d$/.test(hour) && !more.length;
}
