/** Everything about me here is erased. There is no way back: it is said what ends, and asked once, by a word. */
import { Button, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { wrongWith } from "~/api/answers";
import { api } from "~/api/client";
import { useHere } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Panel } from "~/ui/Page";
import { forget } from "../app/kept";
import { Ends } from "../household/Ends";
import { Owner } from "./Owner";
import { Sub } from "./Sub";

export function Erase() {
  const t = useTexts();
  const here = useHere();
  const queries = useQueryClient();
  const label = new Map(here.houses.map(({ id, label }) => [id, label]));
  const [confirmation, setConfirmation] = useState("");
  const [password, setPassword] = useState("");
  const erase = api.useMutation("post", "/api/v1/communities/{community}/me/erase", {
    onSuccess: async () => {
      await forget();
      // Who is nobody any more is shown so by the frame.
      await queries.invalidateQueries();
    },
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    erase.mutate({ params: { path: { community: here.community } }, body: { confirmation, password } });
  };
  const wrong = wrongWith(erase.error, "confirmation");
  return (
    <Sub title={t("account-erase")}>
      <Panel title={t("account-erase-what", { community: here.community_name })}>
        <ul>
          <li>{t("account-erase-name")}</li>
          <li>{t("account-erase-journal")}</li>
          <li>{t("account-erase-gates")}</li>
        </ul>
        {here.held.map((held) => (
          <div key={held.id}>
            <h3>
              {t(`household-kind-${held.capacity}`)}
              {held.house && <>, {t("household-house", { house: label.get(held.house) ?? "" })}</>}
            </h3>
            <Ends grant={held.id} unless={<Mine house={held.house} />} />
          </div>
        ))}
        <p>
          {t("account-erase-export")} <Link to="/settings/export">{t("account-export")}</Link>
        </p>
      </Panel>
      <Panel title={t("account-erase-sure")}>
        <form onSubmit={send} className="form">
          <TextInput
            label={t("account-erase-word", { word: t("account-erase-the-word") })}
            autoComplete="off"
            autoCapitalize="off"
            required
            withAsterisk={false}
            value={confirmation}
            error={wrong}
            onChange={(event) => setConfirmation(event.currentTarget.value)}
          />
          <Owner password={password} setPassword={setPassword} error={wrong ? undefined : erase.error} />
          <Button type="submit" color="red.9" autoContrast loading={erase.isPending}>
            {t("account-erase-now")}
          </Button>
        </form>
      </Panel>
    </Sub>
  );
}

/** What is mine there, where the API counts it for those alone who may end the place: mine was given by an administrator. */
function Mine({ house }: { house?: string | null }) {
  const t = useTexts();
  const { community, person } = useHere();
  const params = { path: { community } };
  const me = api.useQuery("get", "/api/v1/communities/{community}/me", { params });
  const people = api.useQuery(
    "get",
    "/api/v1/communities/{community}/houses/{house}/people",
    { params: { path: { community, house: house ?? "" } } },
    { enabled: Boolean(house) },
  );
  const invited = people.data?.people.filter(({ by }) => by === person).map(({ name }) => name) ?? [];
  if (!house) return null;
  return (
    <ul>
      {invited.length > 0 && <li>{t("account-erase-invited", { names: invited.join(", ") })}</li>}
      {me.data && me.data.vehicles > 0 && <li>{t("account-erase-vehicles", { count: me.data.vehicles })}</li>}
    </ul>
  );
}
