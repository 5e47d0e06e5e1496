/** What is sent twice is done once. */
import { useRef } from "react";

/** Headers of a `POST` that makes something: their key is the same while the same form is sent again. */
export function useOnce(): (body: unknown) => { "Idempotency-Key": string } {
  const sent = useRef({ text: "", key: "" });
  return (body) => {
    const text = JSON.stringify(body);
    if (!sent.current.key || sent.current.text !== text) sent.current = { text, key: drawn() };
    return { "Idempotency-Key": sent.current.key };
  };
}

function drawn(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
