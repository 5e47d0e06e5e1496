/** How I am called in the settlement, and where I am reached. */
import { Button, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { problemOf, wrongWith } from "~/api/answers";
import { cloud, type Doc } from "~/api/client";
import { useHere } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Panel } from "~/ui/Page";
import { Failed, Loaded, Said } from "~/ui/states";
import { Sub } from "./Sub";

const PERSON = "/api/v1/communities/{community}/people/{person}";
type Known = { person: Doc<"Person">; version: string };

/** The query with the version that is to be changed, which is a header. */
function useMe() {
  const { community, person } = useHere();
  const params = { path: { community, person } };
  const queryKey = ["get", PERSON, { params }, "version"];
  const known = useQuery<Known, unknown>({
    queryKey,
    queryFn: async () => {
      const { data, error, response } = await cloud.GET(PERSON, { params });
      if (error) throw error;
      return { person: data, version: response.headers.get("ETag") ?? "" };
    },
  });
  return { known, params };
}

export function Me() {
  const t = useTexts();
  const { known } = useMe();
  return (
    <Sub title={t("account-me")}>
      <Panel>
        <Loaded query={known}>{(known) => <Form known={known} />}</Loaded>
      </Panel>
      <Held />
    </Sub>
  );
}

function Form({ known }: { known: Known }) {
  const t = useTexts();
  const { params } = useMe();
  const queries = useQueryClient();
  const [name, setName] = useState(known.person.name);
  const [phone, setPhone] = useState(known.person.phone);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [saved, setSaved] = useState(false);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    setSaved(false);
    try {
      const { error } = await cloud.PUT(PERSON, {
        params: { ...params, header: { "If-Match": known.version } },
        body: { name, phone, language: known.person.language },
      });
      if (error) throw error;
      setSaved(true);
    } catch (problem) {
      setError(problem);
    } finally {
      // Also where somebody else changed it: then what is typed stays, over the version that is there now.
      await queries.invalidateQueries({ queryKey: ["get", PERSON] });
      queries.invalidateQueries({ queryKey: ["get", "/api/v1/session"] });
      setBusy(false);
    }
  };
  const isField = ["name", "phone"].includes(problemOf(error)?.field ?? "");
  return (
    <form onSubmit={save} className="form">
      <TextInput
        label={t("account-name")}
        name="name"
        autoComplete="name"
        required
        withAsterisk={false}
        value={name}
        error={wrongWith(error, "name")}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label={t("account-phone")}
        description={t("account-phone-why")}
        name="phone"
        type="tel"
        autoComplete="tel"
        value={phone}
        error={wrongWith(error, "phone")}
        onChange={(event) => setPhone(event.currentTarget.value)}
      />
      {!isField && <Failed error={error} />}
      {saved && <Said>{t("account-saved")}</Said>}
      <Button type="submit" loading={busy}>
        {t("save")}
      </Button>
    </form>
  );
}

/** What I am, and where. */
function Held() {
  const t = useTexts();
  const here = useHere();
  const label = new Map(here.houses.map(({ id, label }) => [id, label]));
  return (
    <Panel title={here.community_name}>
      <ul>
        {here.held.map(({ id, capacity, house }) => (
          <li key={id}>
            {t(`household-kind-${capacity}`)}
            {house && <>, {t("household-house", { house: label.get(house) ?? "" })}</>}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
