/** `/join/KEY`: the key is that of a link which works once, or names a settlement that somebody wants to join. */
import { useParams } from "@tanstack/react-router";
import { Apply } from "./Apply";
import { Enter } from "./Enter";

/** A ULID: what settlements are named by; what links hold is longer. */
const COMMUNITY = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/i;

export function Join() {
  const { key = "" } = useParams({ strict: false });
  return COMMUNITY.test(key) ? (
    <Apply community={key.toUpperCase()} key={key} />
  ) : (
    <Enter token={key} key={key} />
  );
}
