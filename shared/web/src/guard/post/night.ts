/** Light by day, dark by night, each by itself; a guard who wants it otherwise has it so until the next change. */
import { useMantineColorScheme } from "@mantine/core";
import { useCallback, useEffect, useState } from "react";

const KEPT = "looks";
const HOUR_MS = 3_600_000;
const LOOK_MS = 60_000;

export type Looks = "light" | "dark";
type Wish = { looks: Looks; until_ms: number };

/** By the clock in a zone: night is from eight to seven. */
export function looksAt(ms: number, zone: string): Looks {
  const clock = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone || undefined,
    hour: "2-digit",
    hourCycle: "h23",
  });
  const hour = Number(clock.format(ms));
  return hour >= 20 || hour < 7 ? "dark" : "light";
}

/** When they change next by themselves: a full hour after this. */
export function changesAfter(ms: number, zone: string): number {
  const today = looksAt(ms, zone);
  let at = Math.floor(ms / HOUR_MS) * HOUR_MS;
  do at += HOUR_MS;
  while (looksAt(at, zone) === today);
  return at;
}

function kept(): Wish | undefined {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "") as Wish;
  } catch {
    return undefined;
  }
}

/** Keeps the looks; what is answered is how they are, and what turns them. */
export function useNight(zone: string, now: () => number): [Looks, () => void] {
  const { setColorScheme } = useMantineColorScheme();
  const wanted = useCallback(() => {
    const [wish, at] = [kept(), now()];
    return wish && at < wish.until_ms ? wish.looks : looksAt(at, zone);
  }, [zone, now]);
  const [looks, set] = useState(wanted);
  useEffect(() => {
    const look = () => set(wanted());
    look();
    const timer = setInterval(look, LOOK_MS);
    return () => clearInterval(timer);
  }, [wanted]);
  useEffect(() => setColorScheme(looks), [looks, setColorScheme]);
  const turn = () => {
    const other: Wish = { looks: looks === "dark" ? "light" : "dark", until_ms: changesAfter(now(), zone) };
    localStorage.setItem(KEPT, JSON.stringify(other));
    set(other.looks);
  };
  return [looks, turn];
}
