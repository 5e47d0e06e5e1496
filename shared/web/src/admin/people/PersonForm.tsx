/** Enters somebody new, and changes what is written of somebody. */
import { Button, Modal, NativeSelect, TextInput } from "@mantine/core";
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

const FIELDS = ["name", "phone", "language"];

type Form = { opened: boolean; close: () => void };

export function NewPerson({ opened, close }: Form) {
  const t = useTexts();
  const go = useGo();
  const community = useCommunity();
  const once = useOnce();
  const add = async (body: Doc<"NewPerson">) => {
    const { data, error } = await cloud.POST("/api/v1/communities/{community}/people", {
      params: { path: { community } },
      body,
      headers: once(body),
    });
    if (error) throw error;
    once.done();
    await go({ to: "/people/$person", params: { person: data.id } });
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t("people-add")}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <Fields before={{ name: "", phone: "", language: "ru" }} send={add} close={close} />
    </Modal>
  );
}

export function EditPerson({
  person: { document, tag },
  refetch,
  opened,
  close,
}: Form & {
  person: Tagged<Doc<"PersonDetails">>;
  refetch: () => Promise<{ data?: Tagged<unknown> | undefined }>;
}) {
  const t = useTexts();
  const community = useCommunity();
  const change = useChange(opened, tag, refetch);
  const edit = (body: Doc<"NewPerson">) =>
    change((tag) =>
      cloud.PUT("/api/v1/communities/{community}/people/{person}", {
        params: { path: { community, person: document.id }, header: { "If-Match": tag } },
        body,
      }),
    );
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t("person-edit")}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <Fields before={document} send={edit} close={close} />
    </Modal>
  );
}

/** Lives as long as the dialog is open: each begins with what is so now. */
function Fields({
  before,
  send,
  close,
}: {
  before: { name: string; phone: string; language: string };
  send: (person: Doc<"NewPerson">) => Promise<void>;
  close: () => void;
}) {
  const t = useTexts();
  const queries = useQueryClient();
  const [name, setName] = useState(before.name);
  const [phone, setPhone] = useState(before.phone);
  const [language, setLanguage] = useState(before.language);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      await send({ name: name.trim(), phone: phone.trim(), language });
      for (const path of ["people", "people/{person}"]) {
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
        label={t("people-name")}
        data-autofocus
        required
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={wrongWith(error, "name")}
        mb="md"
      />
      <TextInput
        label={t("people-phone")}
        type="tel"
        autoComplete="off"
        value={phone}
        onChange={(event) => setPhone(event.currentTarget.value)}
        error={wrongWith(error, "phone")}
        mb="md"
      />
      <NativeSelect
        label={t("people-language")}
        value={language}
        onChange={(event) => setLanguage(event.currentTarget.value)}
        data={[
          { value: "ru", label: t("language-ru") },
          { value: "en", label: t("language-en") },
        ]}
        error={wrongWith(error, "language")}
        mb="md"
      />
      {elsewhere && <Failed error={error} />}
      <Button type="submit" fullWidth loading={busy}>
        {t("save")}
      </Button>
    </form>
  );
}
