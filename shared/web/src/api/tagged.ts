/** What is changed as it was seen: a document with its version, which the change names. */
import { useEffect, useRef } from "react";
import { problemOf } from "./answers";

/** A document, and the `ETag` that it came with. */
export type Tagged<T> = { document: T; tag: string };

/** The answer of `cloud.GET(…)`, with its tag. */
export function tagged<T>(answer: { data?: T; error?: unknown; response: Response }): Tagged<T> {
  if (answer.data === undefined) throw answer.error;
  return { document: answer.data, tag: answer.response.headers.get("ETag") ?? "" };
}

/**
 * Sends a change with the version that was seen when its form was opened. Where somebody else was quicker it fails once, and the
 * person is told; what they send then is meant for what is there now.
 */
export function useChange(
  opened: boolean,
  tag: string,
  refetch: () => Promise<{ data?: Tagged<unknown> | undefined }>,
) {
  const seen = useRef(tag);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was seen is what was there as the form was opened
  useEffect(() => {
    if (opened) seen.current = tag;
  }, [opened]);
  return async (send: (tag: string) => Promise<{ error?: unknown }>) => {
    const { error } = await send(seen.current);
    if (!error) return;
    if (problemOf(error)?.code === "changed-meanwhile") {
      const fresh = await refetch();
      if (fresh.data) seen.current = fresh.data.tag;
    }
    throw error;
  };
}
