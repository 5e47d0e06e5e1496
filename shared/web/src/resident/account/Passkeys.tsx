/** My passkeys: the better way in. */
import { Button, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { wrongWith } from "~/api/answers";
import { api, cloud, type Doc } from "~/api/client";
import { hasPasskeys, isKnown, makePasskey, wasLeft } from "~/session/passkey";
import { useTexts } from "~/texts/texts";
import { Dialog } from "~/ui/Dialog";
import { Panel, Row, Rows } from "~/ui/Page";
import { Empty, Failed, Loaded, Said } from "~/ui/states";
import { useTimes } from "~/ui/times";
import { agentName } from "./agent";
import { Owner } from "./Owner";
import { Sub } from "./Sub";

const PASSKEYS = "/api/v1/account/passkeys";

function useReread() {
  const queries = useQueryClient();
  return async () => {
    queries.invalidateQueries({ queryKey: ["get", "/api/v1/session"] });
    await queries.invalidateQueries({ queryKey: ["get", PASSKEYS] });
  };
}

export function Passkeys() {
  const t = useTexts();
  const passkeys = api.useQuery("get", PASSKEYS);
  return (
    <Sub title={t("account-passkeys")}>
      <p className="quiet">{t("account-passkeys-how")}</p>
      <Panel>
        <Loaded query={passkeys}>
          {({ passkeys }) =>
            passkeys.length ? (
              <Rows>
                {passkeys.map((passkey) => (
                  <One key={passkey.id} passkey={passkey} />
                ))}
              </Rows>
            ) : (
              <Empty>{t("account-passkeys-none")}</Empty>
            )
          }
        </Loaded>
      </Panel>
      {hasPasskeys() ? <Add /> : <Said tone="warning">{t("account-passkeys-cannot")}</Said>}
    </Sub>
  );
}

function Add() {
  const t = useTexts();
  const reread = useReread();
  const [name, setName] = useState(() => agentName(navigator.userAgent));
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [added, setAdded] = useState(false);
  const [error, setError] = useState<unknown>();
  const add = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    setAdded(false);
    try {
      const begun = await cloud.POST("/api/v1/account/passkey-challenges", { body: { password } });
      if (begun.error) throw begun.error;
      const credential = await makePasskey(begun.data.options);
      const made = await cloud.POST(PASSKEYS, { body: { name, credential } });
      if (made.error) throw made.error;
      setAdded(true);
      setPassword("");
      await reread();
    } catch (problem) {
      setError(wasLeft(problem) ? undefined : problem);
    } finally {
      setBusy(false);
    }
  };
  const wrongName = wrongWith(error, "name");
  return (
    <Panel title={t("account-passkey-add")}>
      <form onSubmit={add} className="form">
        <TextInput
          label={t("account-passkey-name")}
          description={t("account-passkey-name-how")}
          required
          withAsterisk={false}
          value={name}
          error={wrongName}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {isKnown(error) && <Said tone="warning">{t("account-passkey-known")}</Said>}
        <Owner
          password={password}
          setPassword={setPassword}
          error={wrongName || isKnown(error) ? undefined : error}
        />
        {added && <Said>{t("account-passkey-added")}</Said>}
        <Button type="submit" loading={busy}>
          {t("account-passkey-add")}
        </Button>
      </form>
    </Panel>
  );
}

function One({ passkey }: { passkey: Doc<"Passkey"> }) {
  const t = useTexts();
  const { day } = useTimes();
  const made = t("account-since", { day: day(passkey.made_ms) });
  const used = passkey.used_ms ? t("account-used", { day: day(passkey.used_ms) }) : t("account-used-never");
  return (
    <Row
      detail={
        <>
          {made} · {used}
          {passkey.suspect_ms > 0 && (
            <Said tone="warning">{t("account-passkey-suspect", { day: day(passkey.suspect_ms) })}</Said>
          )}
        </>
      }
      actions={
        <>
          <Rename passkey={passkey} />
          <Remove passkey={passkey} />
        </>
      }
    >
      {passkey.name}
    </Row>
  );
}

function Rename({ passkey }: { passkey: Doc<"Passkey"> }) {
  const t = useTexts();
  const reread = useReread();
  const [opened, setOpened] = useState(false);
  const [name, setName] = useState(passkey.name);
  const rename = api.useMutation("patch", "/api/v1/account/passkeys/{passkey}", {
    onSuccess: async () => {
      await reread();
      setOpened(false);
    },
  });
  const save = (event: FormEvent) => {
    event.preventDefault();
    rename.mutate({ params: { path: { passkey: passkey.id } }, body: { name } });
  };
  const wrong = wrongWith(rename.error, "name");
  return (
    <>
      <Button
        variant="subtle"
        onClick={() => setOpened(true)}
        aria-label={t("account-rename-of", { name: passkey.name })}
      >
        {t("account-rename")}
      </Button>
      <Dialog opened={opened} onClose={() => setOpened(false)} title={t("account-passkey-name")}>
        <form onSubmit={save} className="form">
          <TextInput
            data-autofocus
            label={t("account-passkey-name")}
            required
            withAsterisk={false}
            value={name}
            error={wrong}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {!wrong && <Failed error={rename.error} />}
          <Button type="submit" loading={rename.isPending}>
            {t("save")}
          </Button>
        </form>
      </Dialog>
    </>
  );
}

function Remove({ passkey }: { passkey: Doc<"Passkey"> }) {
  const t = useTexts();
  const reread = useReread();
  const [opened, setOpened] = useState(false);
  const [password, setPassword] = useState("");
  const remove = api.useMutation("delete", "/api/v1/account/passkeys/{passkey}", {
    onSuccess: reread,
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    remove.mutate({ params: { path: { passkey: passkey.id } }, body: { password } });
  };
  return (
    <>
      <Button
        variant="subtle"
        c="var(--red)"
        onClick={() => setOpened(true)}
        aria-label={t("account-remove-of", { name: passkey.name })}
      >
        {t("account-remove")}
      </Button>
      <Dialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={t("account-passkey-remove", { name: passkey.name })}
      >
        <form onSubmit={send} className="form">
          <p>{t("account-passkey-remove-what")}</p>
          <Owner password={password} setPassword={setPassword} error={remove.error} />
          <Button type="submit" color="red.9" autoContrast loading={remove.isPending}>
            {t("account-remove")}
          </Button>
        </form>
      </Dialog>
    </>
  );
}
