/** What is sent twice is done once. */
import { useState } from "react";

/**
 * Headers of a `POST` that makes something: their key is the same while the same form is sent again because its answer was
 * lost, and another for anything else, and for the same after it was `done`.
 */
export type Once = ((form: unknown) => { "Idempotency-Key": string }) & { done: () => void };

export function once(): Once {
  let last = { text: "", key: "" };
  const header = (form: unknown) => {
    const text = JSON.stringify(form);
    if (!last.key || last.text !== text) last = { text, key: newKey() };
    return { "Idempotency-Key": last.key };
  };
  return Object.assign(header, {
    done() {
      last = { text: "", key: "" };
    },
  });
}

export function useOnce(): Once {
  return useState(once)[0];
}

/** A new key. `randomUUID` is not there where the page came without TLS. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}
