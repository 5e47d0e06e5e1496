/** Accepting: as it was asked for, or with the house or the place put right. */
import { cloud, type Doc } from "~/api/client";
import type { Once } from "~/api/once";
import type { Kind } from "../people/kinds";

export type Wish = { house: string; kind: Kind };

/** Somebody is accepted, but has the place that they asked for instead of the right one. */
export class NotCorrected extends Error {
  constructor(
    readonly person: string,
    readonly why: unknown,
  ) {
    super("accepted, not corrected");
  }
}

/**
 * An acceptance gives the place that was asked for; another one is given after it, and the first taken back. Where this breaks
 * off, the person has too much for a while: whoever decided is told.
 */
export async function accept(
  community: string,
  application: Doc<"ApplicationDetails">,
  { house, kind }: Wish,
  known: string | undefined,
  once: Once,
): Promise<void> {
  const body = { person: known };
  const accepted = await cloud.POST("/api/v1/communities/{community}/applications/{application}/acceptance", {
    params: { path: { community, application: application.id } },
    body,
    headers: once(body),
  });
  if (accepted.error) throw accepted.error;
  if (house === application.house && kind === application.kind) return;
  const { person } = accepted.data;
  try {
    await correct(community, application, person, { house, kind });
  } catch (why) {
    throw new NotCorrected(person, why);
  }
}

async function correct(
  community: string,
  asked: Doc<"ApplicationDetails">,
  person: string,
  { house, kind }: Wish,
): Promise<void> {
  const shown = await cloud.GET("/api/v1/communities/{community}/people/{person}", {
    params: { path: { community, person } },
  });
  if (shown.error) throw shown.error;
  const given = shown.data.held.find((held) => held.house === asked.house && held.capacity === asked.kind);

  const settled = await cloud.POST("/api/v1/communities/{community}/houses/{house}/places", {
    params: { path: { community, house } },
    body: { person, kind },
  });
  if (settled.error) throw settled.error;
  if (!given) return;
  const revoked = await cloud.POST("/api/v1/communities/{community}/grants/{grant}/revocation", {
    params: { path: { community, grant: given.id } },
    body: {},
  });
  if (revoked.error) throw revoked.error;
}
