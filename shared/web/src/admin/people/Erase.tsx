/** Everything about somebody is erased, because they want it: there is no way back, so the word is typed. */
import { PasswordInput, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { wrongWith } from "~/api/answers";
import { api, cloud, type Doc } from "~/api/client";
import { useCommunity, useHere } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Ask } from "~/ui/Ask";
import { Panel } from "~/ui/Page";
import { Failed } from "~/ui/states";
import { endsAlong, Losing } from "./EndGrant";

export function ErasePerson({ person, done }: { person: Doc<"PersonDetails">; done: () => void }) {
  const t = useTexts();
  const here = useHere();
  const community = useCommunity();
  const queries = useQueryClient();
  const [asked, setAsked] = useState(false);
  const [confirmation, setConfirmation] = useState("");
  const [password, setPassword] = useState("");
  const [error, setError] = useState<unknown>();
  const administers = person.held.some(({ capacity }) => capacity === "administrator");
  const erase = async () => {
    const { error } = await cloud.POST("/api/v1/communities/{community}/people/{person}/erase", {
      params: { path: { community, person: person.id } },
      body: { confirmation, password },
    });
    setError(error);
    if (error) throw error;
    done();
    void queries.invalidateQueries({
      predicate: ({ queryKey }) => !String(queryKey[1]).includes("{person}"),
    });
  };
  return (
    <Panel title={t("erase")}>
      <p className="quiet">{administers ? t("erase-administrator") : t("erase-hint")}</p>
      {!administers && (
        <Ask
          button={t("erase-button")}
          title={t("erase-title", { name: person.name })}
          confirm={t("erase-button")}
          fields={["confirmation", "password"]}
          ready={confirmation.trim() !== ""}
          onAsk={() => {
            setAsked(true);
            setConfirmation("");
            setPassword("");
            setError(undefined);
          }}
          act={erase}
          consequences={
            <>
              <p>{t("erase-what")}</p>
              {asked && person.held.map((held) => <Along key={held.id} person={person.id} held={held} />)}
              <TextInput
                label={t("erase-confirmation")}
                autoComplete="off"
                value={confirmation}
                onChange={(event) => setConfirmation(event.currentTarget.value)}
                error={wrongWith(error, "confirmation")}
                mb="md"
              />
              {here.account.has_password && (
                <PasswordInput
                  label={t("erase-password")}
                  autoComplete="current-password"
                  value={password}
                  onChange={(event) => setPassword(event.currentTarget.value)}
                  error={wrongWith(error, "password")}
                  mb="md"
                />
              )}
            </>
          }
        />
      )}
    </Panel>
  );
}

/** What ends with a place or role of theirs. */
function Along({ person, held }: { person: string; held: Doc<"PersonDetails">["held"][number] }) {
  const t = useTexts();
  const community = useCommunity();
  const preview = api.useQuery(
    "get",
    "/api/v1/communities/{community}/grants/{grant}",
    { params: { path: { community, grant: held.id } } },
    { staleTime: 0 },
  );
  if (preview.error) return <Failed error={preview.error} />;
  if (!preview.data) return null;
  const along = endsAlong(t, preview.data);
  const what = held.house_label
    ? t("people-in", { house: held.house_label, place: t(`place-${held.capacity}`) })
    : t(`place-${held.capacity}`);
  return (
    <>
      <p>{t("erase-along", { what, along: along.join(", ") || t("erase-nothing") })}</p>
      <Losing people={preview.data.people.filter((other) => other.person !== person)} />
    </>
  );
}
