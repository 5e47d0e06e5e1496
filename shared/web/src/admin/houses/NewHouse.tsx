/** Adds a house, and changes what one is called. */
import { Button, Modal, Textarea, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { problemOf, wrongWith } from "~/api/answers";
import { cloud, type Doc } from "~/api/client";
import { useOnce } from "~/api/once";
import { type Tagged, useChange } from "~/api/tagged";
import { useCommunity } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Failed } from "~/ui/states";
import { useGo } from "../links";

const FIELDS = ["label", "note"];

export function NewHouse({ opened, close }: { opened: boolean; close: () => void }) {
  const t = useTexts();
  const go = useGo();
  const community = useCommunity();
  const once = useOnce();
  const add = async (body: Doc<"NewHouse">) => {
    const { data, error } = await cloud.POST("/api/v1/communities/{community}/houses", {
      params: { path: { community } },
      body,
      headers: once(body),
    });
    if (error) throw error;
    once.done();
    await go({ to: "/houses/$house", params: { house: data.id } });
  };
  return (
    <HouseForm
      title={t("houses-add")}
      opened={opened}
      close={close}
      send={add}
      before={{ label: "", note: "" }}
    />
  );
}

export function RenameHouse({
  house: { document: house, tag },
  refetch,
  opened,
  close,
}: {
  house: Tagged<Doc<"House">>;
  refetch: () => Promise<{ data?: Tagged<unknown> | undefined }>;
  opened: boolean;
  close: () => void;
}) {
  const t = useTexts();
  const community = useCommunity();
  const change = useChange(opened, tag, refetch);
  const rename = (body: Doc<"NewHouse">) =>
    change((tag) =>
      cloud.PUT("/api/v1/communities/{community}/houses/{house}", {
        params: { path: { community, house: house.id }, header: { "If-Match": tag } },
        body,
      }),
    );
  return <HouseForm title={t("house-rename")} opened={opened} close={close} send={rename} before={house} />;
}

function HouseForm({
  title,
  opened,
  close,
  send,
  before,
}: {
  title: string;
  opened: boolean;
  close: () => void;
  send: (house: Doc<"NewHouse">) => Promise<void>;
  before: { label: string; note: string };
}) {
  const t = useTexts();
  return (
    <Modal opened={opened} onClose={close} title={title} closeButtonProps={{ "aria-label": t("close") }}>
      <Fields send={send} close={close} before={before} />
    </Modal>
  );
}

/** Lives as long as the dialog is open: each begins with what is so now. */
function Fields({
  send,
  close,
  before,
}: {
  send: (house: Doc<"NewHouse">) => Promise<void>;
  close: () => void;
  before: { label: string; note: string };
}) {
  const t = useTexts();
  const queries = useQueryClient();
  const [label, setLabel] = useState(before.label);
  const [note, setNote] = useState(before.note);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      await send({ label: label.trim(), note: note.trim() });
      for (const path of ["houses", "houses/{house}"]) {
        void queries.invalidateQueries({ queryKey: ["get", `/api/v1/communities/{community}/${path}`] });
      }
      close();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const elsewhere = !FIELDS.includes(problemOf(error)?.field ?? "");
  return (
    <form onSubmit={submit}>
      <TextInput
        label={t("houses-label")}
        description={t("houses-label-hint")}
        data-autofocus
        required
        value={label}
        onChange={(event) => setLabel(event.currentTarget.value)}
        error={wrongWith(error, "label")}
        mb="md"
      />
      <Textarea
        label={t("houses-note")}
        description={t("houses-note-hint")}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        error={wrongWith(error, "note")}
        mb="md"
      />
      {elsewhere && <Failed error={error} />}
      <Button type="submit" fullWidth loading={busy}>
        {t("save")}
      </Button>
    </form>
  );
}
