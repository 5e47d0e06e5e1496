/** What makes something is done once: the same form, sent again after an answer was lost, carries the same key. */
import { useRef } from "react";

/** A key for `Idempotency-Key`, drawn by chance; also where a page came over plain HTTP and has no `randomUUID`. */
function drawn(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}

/** Says the key of a form by what stands in it: another form has another key. */
export function useOnce(): (form: unknown) => string {
  const last = useRef({ form: "", key: "" });
  return (form) => {
    const text = JSON.stringify(form);
    if (text !== last.current.form) last.current = { form: text, key: drawn() };
    return last.current.key;
  };
}
