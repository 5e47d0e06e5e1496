/** Whoever leaves, from here or from the office: nothing of theirs stays in this browser, and it is told nothing more. */
import { forgetTickets } from "../join/tickets";
import { forget } from "./kept";
import { forgetTold, unsubscribe } from "./push";

export async function forgetAll() {
  forgetTickets();
  forgetTold();
  await Promise.allSettled([forget(), unsubscribe()]);
}
