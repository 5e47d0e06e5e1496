/** Pressing a gate's button, and following what really became of it. */
import { useEffect, useRef, useState } from "react";
import { problemOf } from "~/api/answers";
import { clock, cloud, type Doc } from "~/api/client";
import { useCommunity } from "~/session/session";
import { isOfEarlier, presses } from "./presses";

export type Opening = Doc<"Opening">;

/** How far a press is. Nothing is claimed that nobody said. */
export type Press =
  | { phase: "none" }
  /** The request is on its way. */
  | { phase: "pressed"; at_ms: number }
  /** The cloud tells of it; `cut`: not at the moment. */
  | { phase: "told"; opening: Opening; cut: boolean }
  /** What is told is of an earlier press, whose answer was lost: this one has done nothing. */
  | { phase: "earlier"; opening: Opening }
  /** The cloud forgot it, or could not be asked in time. */
  | { phase: "lost"; at_ms: number }
  /** It was not done, or nothing answered. */
  | { phase: "failed"; at_ms: number; error: unknown };

/** Whether it may be pressed again. */
export function isOver(press: Press): boolean {
  return press.phase === "told" ? press.opening.is_over : press.phase !== "pressed";
}

/** No request for a gate waits for longer: whoever stands before it wants to know. */
const REQUEST_MS = 15_000;
/** A stream that says nothing for so long may be dead: it is asked from then on. */
const SILENCE_MS = 6_000;
const ASK_MS = 1_500;
/** The cloud knows by then what became of it. */
const FOLLOWED_MS = 150_000;

/** The button of a lane: what became of it, and pressing it. While it is pressed, a second press is none. */
export function useOpening(gate: string, lane?: string) {
  const community = useCommunity();
  const [press, setPress] = useState<Press>({ phase: "none" });
  const isPressed = useRef(false);
  const [mine] = useState(presses);
  const following = useRef<AbortController>(undefined);
  useEffect(() => () => following.current?.abort(), []);

  const say = (said: Press) => {
    setPress(said);
    feel(said);
  };
  const open = async () => {
    if (isPressed.current) return;
    isPressed.current = true;
    const at_ms = Date.now();
    const { key, again } = mine.press(at_ms);
    say({ phase: "pressed", at_ms: clock.at(at_ms) });
    try {
      const { data, error } = await cloud.POST("/api/v1/communities/{community}/gates/{gate}/open", {
        params: { path: { community, gate }, header: { "Idempotency-Key": key } },
        body: { lane },
        signal: AbortSignal.timeout(REQUEST_MS),
      });
      mine.answered();
      if (error) throw error;
      if (isOfEarlier(data, again, clock.at(at_ms))) return say({ phase: "earlier", opening: data });
      say({ phase: "told", opening: data, cut: false });
      following.current = new AbortController();
      if (!data.is_over) await follow(community, data, following.current.signal, say);
    } catch (error) {
      say({ phase: "failed", at_ms: clock.at(at_ms), error });
    } finally {
      isPressed.current = false;
    }
  };
  return { press, open };
}

/** For a thumb that feels and an eye that looks at the barrier. */
function feel(press: Press) {
  const pattern = {
    none: [],
    pressed: [30],
    earlier: [400],
    lost: [400],
    failed: [400],
    told: press.phase === "told" ? felt(press.opening) : [],
  }[press.phase];
  if (pattern.length > 0) navigator.vibrate?.(pattern);
}

function felt({ state, is_over }: Opening): number[] {
  if (state === "opened") return [60, 50, 60];
  return is_over ? [400] : [];
}

/** Tells each state until it is over: as it happens, or, where a stream does not live, by asking. */
function follow(
  community: string,
  begun: Opening,
  ended: AbortSignal,
  say: (press: Press) => void,
): Promise<void> {
  const path = { community, opening: begun.id };
  let [last, isCut] = [begun, false];
  const tell = (opening: Opening, cut = false) => {
    // A stream begins with what is known.
    if (cut === isCut && opening.state === last.state) return;
    [last, isCut] = [opening, cut];
    say({ phase: "told", opening, cut });
  };
  const ask = async () => {
    const until = Date.now() + FOLLOWED_MS;
    while (!last.is_over && !ended.aborted) {
      const signal = AbortSignal.timeout(REQUEST_MS);
      const asked = await cloud
        .GET("/api/v1/communities/{community}/openings/{opening}", { params: { path }, signal })
        .catch(() => undefined);
      if (ended.aborted) return;
      if (asked?.data) tell(asked.data);
      else if (problemOf(asked?.error)?.status === 404 || Date.now() > until) {
        say({ phase: "lost", at_ms: begun.at_ms });
        return;
      } else tell(last, true);
      if (!last.is_over) await pause(ASK_MS, ended);
    }
  };
  // A browser asks a stream in its own language, which need not be the page's.
  if (!navigator.language.startsWith(document.documentElement.lang)) return ask();
  return new Promise((done) => {
    const events = new EventSource(`/api/v1/communities/${community}/openings/${begun.id}/events`);
    let silent: ReturnType<typeof setTimeout>;
    const stop = () => {
      clearTimeout(silent);
      events.close();
      done();
    };
    const distrust = () => {
      clearTimeout(silent);
      events.close();
      ask().then(done);
    };
    const wait = () => {
      clearTimeout(silent);
      silent = setTimeout(distrust, SILENCE_MS);
    };
    ended.addEventListener("abort", stop);
    events.addEventListener("error", distrust);
    events.addEventListener("opening", ({ data }) => {
      wait();
      tell(JSON.parse(data));
      if (last.is_over) stop();
    });
    wait();
  });
}

function pause(ms: number, ended: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    ended.addEventListener("abort", () => {
      clearTimeout(timer);
      done();
    });
  });
}
