/** A document that is edited: what another changed meanwhile is taken over, what was typed here stays. */
import { useState } from "react";
import { problemOf } from "~/api/answers";

/** The fields that were changed here, over the document as it is by now. */
export function useDraft<T extends object>(document: T) {
  const [changed, setChanged] = useState<Partial<T>>({});
  const value: T = { ...document, ...changed };
  const fields = Object.keys(changed) as (keyof T)[];
  return {
    value,
    isChanged: fields.some((field) => value[field] !== document[field]),
    change: (fields: Partial<T>) => setChanged({ ...changed, ...fields }),
    clear: () => setChanged({}),
  };
}

/** Somebody else has changed it since it was read. */
export const isStale = (error: unknown) => problemOf(error)?.code === "changed-meanwhile";
