/** Gives somebody a place in a house: begun at the house, or at the person. */
import { Button, NativeSelect } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { cloud, type Doc } from "~/api/client";
import { useOnce } from "~/api/once";
import { useCommunity } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Failed } from "~/ui/states";
import { ChooseHouse } from "../houses/ChooseHouse";
import { ChoosePerson } from "./ChoosePerson";
import { KINDS, type Kind } from "./kinds";

export function SettlePerson({ house }: { house: Doc<"House"> }) {
  const t = useTexts();
  const [person, setPerson] = useState<string>();
  return (
    <Settle
      button={t("settle-person")}
      house={house.id}
      person={person ?? ""}
      pick={<ChoosePerson label={t("settle-who")} value={person} onChange={setPerson} />}
      done={() => setPerson(undefined)}
    />
  );
}

export function SettleIn({ person }: { person: string }) {
  const t = useTexts();
  const [house, setHouse] = useState<string>();
  return (
    <Settle
      button={t("settle-in")}
      house={house ?? ""}
      person={person}
      pick={<ChooseHouse label={t("settle-where")} value={house} onChange={setHouse} />}
      done={() => setHouse(undefined)}
    />
  );
}

function Settle({
  button,
  house,
  person,
  pick,
  done,
}: {
  button: string;
  house: string;
  person: string;
  pick: ReactNode;
  done: () => void;
}) {
  const t = useTexts();
  const community = useCommunity();
  const queries = useQueryClient();
  const once = useOnce();
  const [opened, { open, close }] = useDisclosure();
  const [kind, setKind] = useState<Kind>("owner");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const settle = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    const body = { person, kind };
    try {
      const { error } = await cloud.POST("/api/v1/communities/{community}/houses/{house}/places", {
        params: { path: { community, house } },
        body,
        headers: once({ house, ...body }),
      });
      if (error) throw error;
      once.done();
      for (const path of ["houses/{house}/people", "people/{person}", "people"]) {
        void queries.invalidateQueries({ queryKey: ["get", `/api/v1/communities/{community}/${path}`] });
      }
      done();
      close();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  if (!opened) {
    return (
      <Button variant="default" mt="sm" leftSection={<IconPlus aria-hidden size={20} />} onClick={open}>
        {button}
      </Button>
    );
  }
  return (
    <form onSubmit={settle} className="settle">
      <div className="fields">
        {pick}
        <NativeSelect
          label={t("settle-kind")}
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value as Kind)}
          data={KINDS.map((kind) => ({ value: kind, label: t(`place-${kind}`) }))}
        />
      </div>
      <Failed error={error} />
      <div className="acts">
        <Button variant="default" onClick={close}>
          {t("cancel")}
        </Button>
        <Button type="submit" loading={busy} disabled={!house || !person}>
          {button}
        </Button>
      </div>
    </form>
  );
}
