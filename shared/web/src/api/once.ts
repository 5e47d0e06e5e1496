/** Keys for requests that make something: whoever repeats one because its answer was lost makes it once. */
import { useCallback, useRef } from "react";

/** A new key. `crypto.randomUUID` is only there where a page came over TLS. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}

/** The header for a form: its key stays the same while the same is sent again. */
export function useOnce() {
  const last = useRef({ form: "", key: "" });
  return useCallback((form: unknown) => {
    const text = JSON.stringify(form);
    if (text !== last.current.form) last.current = { form: text, key: newKey() };
    return { "Idempotency-Key": last.current.key };
  }, []);
}
