/** Somebody gets a place in the house: a name, and a link by which they come in first. */
import { Button, Radio, Stack, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { problemOf, wrongWith } from "~/api/answers";
import { api } from "~/api/client";
import { useCommunity } from "~/session/session";
import { useSpeech } from "~/texts/texts";
import { Dialog } from "~/ui/Dialog";
import { Failed } from "~/ui/states";
import { Handover } from "./Handover";
import { PEOPLE } from "./People";

const KINDS = ["family", "tenant", "staff"] as const;

export function Invite({ house, opened, close }: { house: string; opened: boolean; close: () => void }) {
  const { t, language } = useSpeech();
  const community = useCommunity();
  const queries = useQueryClient();
  const [kind, setKind] = useState<(typeof KINDS)[number]>("family");
  const [name, setName] = useState("");
  const [phone, setPhone] = useState("");
  const invite = api.useMutation("post", PEOPLE, {
    onSuccess: () => {
      close();
      queries.invalidateQueries({ queryKey: ["get", PEOPLE] });
    },
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    invite.mutate({ params: { path: { community, house } }, body: { kind, name, phone, language } });
  };
  const done = () => {
    invite.reset();
    setName("");
    setPhone("");
  };
  const isField = ["name", "phone"].includes(problemOf(invite.error)?.field ?? "");
  return (
    <>
      <Dialog opened={opened} onClose={close} title={t("household-invite")}>
        <form onSubmit={send} className="form">
          <TextInput
            data-autofocus
            label={t("household-name")}
            autoComplete="off"
            required
            withAsterisk={false}
            value={name}
            error={wrongWith(invite.error, "name")}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label={t("household-phone")}
            type="tel"
            autoComplete="off"
            value={phone}
            error={wrongWith(invite.error, "phone")}
            onChange={(event) => setPhone(event.currentTarget.value)}
          />
          <Radio.Group
            label={t("household-as")}
            value={kind}
            onChange={(kind) => setKind(kind as (typeof KINDS)[number])}
          >
            <Stack gap="sm" mt="xs">
              {KINDS.map((kind) => (
                <Radio
                  key={kind}
                  value={kind}
                  label={t(`household-kind-${kind}`)}
                  description={t(`household-means-${kind}`)}
                />
              ))}
            </Stack>
          </Radio.Group>
          {!isField && <Failed error={invite.error} />}
          <Button type="submit" loading={invite.isPending}>
            {t("household-invite-now")}
          </Button>
        </form>
      </Dialog>
      <Handover name={invite.variables?.body.name ?? ""} link={invite.data?.link} close={done} />
    </>
  );
}
