/** What a button was pressed for: whether a press is a new one, or the one before, whose answer was lost. */
import { newKey } from "~/api/once";

/** A press whose answer was lost, and one so soon after it, are one. */
const SAME_MS = 30_000;

export type Presses = {
  /** The key of a press at a moment; `again`: an unanswered one had it before. */
  press: (now_ms: number) => { key: string; again: boolean };
  /** Whatever is pressed now is meant anew. */
  answered: () => void;
};

export function presses(): Presses {
  // Counted from the first one: trying again makes it no younger.
  let unanswered: { key: string; first_ms: number } | undefined;
  return {
    press(now_ms) {
      const age = unanswered ? now_ms - unanswered.first_ms : -1;
      const again = age >= 0 && age < SAME_MS;
      if (!unanswered || !again) unanswered = { key: newKey(), first_ms: now_ms };
      return { key: unanswered.key, again };
    },
    answered() {
      unanswered = undefined;
    },
  };
}

/**
 * Whether what was answered to a press is only what an earlier one had done: it was over already, and had begun before the
 * press. Both moments are the server's.
 */
export function isOfEarlier(
  opening: { at_ms: number; is_over: boolean },
  again: boolean,
  pressed_ms: number,
): boolean {
  return again && opening.is_over && opening.at_ms < pressed_ms;
}
