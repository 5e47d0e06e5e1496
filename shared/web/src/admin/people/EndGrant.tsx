/** Ends a grant of any kind, for ever: shows before what it takes along. */
import { TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { api, cloud, type Doc } from "~/api/client";
import { useCommunity } from "~/session/session";
import { type Texts, useTexts } from "~/texts/texts";
import { Ask } from "~/ui/Ask";
import { Loaded, Said } from "~/ui/states";

/** Names of one line; of a large family the others are counted. */
const NAMED = 8;

export function EndGrant({ grant, button, title }: { grant: string; button: ReactNode; title: string }) {
  const t = useTexts();
  const community = useCommunity();
  const queries = useQueryClient();
  const [asked, setAsked] = useState(false);
  const [reason, setReason] = useState("");
  const path = { community, grant };
  // Anew each time: what was true yesterday is not what is agreed to.
  const preview = api.useQuery(
    "get",
    "/api/v1/communities/{community}/grants/{grant}",
    { params: { path } },
    { enabled: asked, staleTime: 0, gcTime: 0 },
  );
  const revoke = async () => {
    const { error } = await cloud.POST("/api/v1/communities/{community}/grants/{grant}/revocation", {
      params: { path },
      body: { reason: reason.trim() },
    });
    if (error) throw error;
    // It may have ended anything of anybody.
    void queries.invalidateQueries({
      predicate: ({ queryKey }) => !String(queryKey[1]).includes("/grants/"),
    });
  };
  return (
    <Ask
      quiet
      button={button}
      title={title}
      confirm={t("end-confirm")}
      ready={preview.data !== undefined && !preview.isFetching}
      onAsk={() => {
        if (asked) void preview.refetch();
        setAsked(true);
      }}
      act={revoke}
      consequences={
        <>
          <Loaded query={preview}>{(ends) => <Consequences ends={ends} />}</Loaded>
          <TextInput
            label={t("end-reason")}
            description={t("end-reason-hint")}
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        </>
      }
    />
  );
}

function Consequences({ ends }: { ends: Doc<"RevocationPreview"> }) {
  const t = useTexts();
  const along = endsAlong(t, ends);
  return (
    <>
      <p>{t(`end-what-${ends.kind}`, { name: ends.person_name, house: ends.house_label })}</p>
      {along.length > 0 ? (
        <>
          <p>{t("end-along")}</p>
          <ul>
            {along.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </>
      ) : (
        <p>{t("end-nothing-along")}</p>
      )}
      <Losing people={ends.people} />
      <p>{t("end-for-ever")}</p>
    </>
  );
}

/** So much of what ends with it, of that of which there is any. */
export function endsAlong(t: Texts, ends: Doc<"RevocationPreview">): string[] {
  const { places, vehicles, cards, passes, sessions } = ends;
  return [
    places > 0 && t("end-places", { count: places }),
    vehicles > 0 && t("end-vehicles", { count: vehicles }),
    cards > 0 && t("end-cards", { count: cards }),
    passes > 0 && t("end-passes", { count: passes }),
    sessions > 0 && t("end-sessions", { count: sessions }),
  ].filter((line) => line !== false);
}

/** Who would be nobody in the settlement any more. */
export function Losing({ people }: { people: Doc<"LosingPerson">[] }) {
  const t = useTexts();
  if (!people.length) return null;
  const names = people.slice(0, NAMED).map(({ name }) => name);
  return (
    <Said tone="warning">
      {t("end-people", { names: names.join(", ") })}
      {people.length > NAMED && ` ${t("end-people-more", { count: people.length - NAMED })}`}
    </Said>
  );
}
