/** Asks what the first screen will ask, as soon as there is a page: its scripts weigh so much that they come later. */

import type { Doc } from "~/api/client";
import { early } from "~/api/early";
import { KEPT, personIn } from "~/session/where";
import { preferred } from "~/texts/language";

/** Guests have no account. */
const isGuests = /^\/visits\//;

async function begin(address: string) {
  if (isGuests.test(address)) return;
  const language = preferred();
  const ask = (path: string) => early.ask(`/api/v1/${path}`, language);
  const session: Doc<"SessionDocument"> | undefined = await (await ask("session"))?.json();
  const person = session?.account && personIn(session.account, localStorage.getItem(KEPT));
  if (!person) return;
  const may = new Set(person.held.flatMap((held) => held.may));
  const here = `communities/${person.community}`;
  ask(`${here}/me`);
  ask(here);
  if (may.has("AnswerQuestion")) ask(`${here}/questions`);
  if (address === "/" && (may.has("OpenGates") || may.has("OpenAnyGate"))) ask(`${here}/gates`);
}

// Nothing is lost where it fails: then it is asked as ever.
begin(window.location.pathname).catch(() => undefined);
