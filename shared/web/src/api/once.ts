/** What is to happen once, however often it is sent. */
import { useRef } from "react";

/**
 * The `Idempotency-Key` of a form: the same while the same is sent again, another for anything else, and for the same after it
 * was done.
 */
export function useOnce() {
  const sent = useRef<{ what: string; key: string }>(undefined);
  return {
    key(body: unknown): string {
      const what = JSON.stringify(body);
      if (sent.current?.what !== what) sent.current = { what, key: fresh() };
      return sent.current.key;
    },
    done() {
      sent.current = undefined;
    },
  };
}

/** `randomUUID` is not there where the page came without TLS. */
const fresh = () =>
  [...crypto.getRandomValues(new Uint32Array(4))].map((word) => word.toString(36)).join("-");
