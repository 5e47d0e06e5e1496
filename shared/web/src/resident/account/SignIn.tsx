/** Signing in: by a passkey, by a letter, by a password. */
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { IconBrandTelegram, IconFingerprint, IconMail } from "@tabler/icons-react";
import { useSearch } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { problemOf } from "~/api/answers";
import { api, cloud } from "~/api/client";
import { isLeaving } from "~/api/left";
import { askPasskey, hasPasskeys, wasLeft } from "~/session/passkey";
import { firstPlace, wanted } from "~/session/places";
import { isOfNow, useAccount, useBot } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Panel } from "~/ui/Page";
import { Failed, Loading, Said } from "~/ui/states";
import { useArrive, useGo } from "./arrive";
import { botLink } from "./bot";
import { Code, wantsCode } from "./Code";
import { Doorstep } from "./Doorstep";

export function SignIn() {
  const t = useTexts();
  const { to, again } = useSearch({ strict: false }) as { to?: string; again?: string };
  const place = wanted(to);
  const account = useAccount();
  const [email, setEmail] = useState("");
  const [byPassword, setByPassword] = useState(false);

  // Who is in already came here by the way back; `again` is for what only who has just signed in may do.
  if (account.data && !again) {
    // Who was in when the page was last open may be nobody by now.
    if (isOfNow(account)) return <Arrived place={firstPlace(account.data, place)} />;
    if (!account.error && account.fetchStatus !== "paused") return <Loading />;
  }
  return (
    <Doorstep title={t("account-sign-in")}>
      {again && <Said>{t("account-again")}</Said>}
      {account.data === null && isLeaving() && <Said tone="warning">{t("account-leaving")}</Said>}
      {hasPasskeys() && <ByPasskey place={place} />}
      {byPassword ? (
        <ByPassword email={email} setEmail={setEmail} place={place} />
      ) : (
        <ByLetter email={email} setEmail={setEmail} />
      )}
      <Button variant="subtle" onClick={() => setByPassword(!byPassword)}>
        {t(byPassword ? "account-rather-letter" : "account-rather-password")}
      </Button>
      <ByBot />
      <p className="quiet small">{t("account-no-way")}</p>
    </Doorstep>
  );
}

function Arrived({ place }: { place: string }) {
  const go = useGo();
  useEffect(() => go(place), [go, place]);
  return <Loading />;
}

function ByPasskey({ place }: { place?: string }) {
  const t = useTexts();
  const arrive = useArrive();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const signIn = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const begun = await cloud.POST("/api/v1/session/passkey-challenges");
      if (begun.error) throw begun.error;
      const { challenge, options } = begun.data;
      const credential = await askPasskey(options);
      const answer = await cloud.POST("/api/v1/session/passkey", { body: { challenge, credential } });
      if (answer.error) throw answer.error;
      arrive(answer.data, place);
    } catch (problem) {
      setError(wasLeft(problem) ? undefined : problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Panel title={t("account-by-passkey")}>
      <p className="quiet">{t("account-by-passkey-how")}</p>
      <Failed error={error} />
      <Button fullWidth leftSection={<IconFingerprint aria-hidden />} onClick={signIn} loading={busy}>
        {t("account-passkey-sign-in")}
      </Button>
    </Panel>
  );
}

/** Whoever is known in Telegram comes in from there. */
function ByBot() {
  const t = useTexts();
  const bot = useBot();
  if (!bot) return null;
  return (
    <Button
      component="a"
      href={botLink(bot)}
      target="_blank"
      rel="noreferrer"
      variant="subtle"
      leftSection={<IconBrandTelegram aria-hidden />}
    >
      {t("telegram-sign-in")}
    </Button>
  );
}

type Address = { email: string; setEmail: (email: string) => void };

function Email({ email, setEmail, error }: Address & { error?: string }) {
  const t = useTexts();
  return (
    <TextInput
      label={t("account-email")}
      type="email"
      name="email"
      autoComplete="username"
      required
      withAsterisk={false}
      value={email}
      error={error}
      onChange={(event) => setEmail(event.currentTarget.value)}
    />
  );
}

function ByLetter(address: Address) {
  const t = useTexts();
  const letter = api.useMutation("post", "/api/v1/session/letter");
  const send = (event: FormEvent) => {
    event.preventDefault();
    letter.mutate({ body: { email: address.email } });
  };
  return (
    <Panel title={t("account-by-letter")}>
      <form onSubmit={send} className="form">
        <Email {...address} />
        <Failed error={letter.error} />
        {letter.isSuccess && <Said>{t("account-letter-sent", { email: letter.variables.body.email })}</Said>}
        <Button
          type="submit"
          variant="default"
          leftSection={<IconMail aria-hidden />}
          loading={letter.isPending}
        >
          {t("account-send-letter")}
        </Button>
      </form>
    </Panel>
  );
}

function ByPassword({ place, ...address }: Address & { place?: string }) {
  const t = useTexts();
  const arrive = useArrive();
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const signIn = api.useMutation("post", "/api/v1/session", {
    onSuccess: (session) => arrive(session, place),
  });
  const reset = api.useMutation("post", "/api/v1/recovery/letter");
  const [asksCode, setAsksCode] = useState(false);
  const send = (event: FormEvent) => {
    event.preventDefault();
    const body = { email: address.email, password, code: code || null };
    signIn.mutate({ body }, { onError: (problem) => wantsCode(problem) && setAsksCode(true) });
  };
  return (
    <Panel title={t("account-by-password")}>
      <form onSubmit={send} className="form">
        <Email {...address} />
        <PasswordInput
          label={t("account-password")}
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          visibilityToggleButtonProps={{ "aria-label": t("account-show-password") }}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {asksCode && <Code code={code} setCode={setCode} />}
        {problemOf(signIn.error)?.code !== "second-factor" && <Failed error={signIn.error} />}
        <Button type="submit" loading={signIn.isPending}>
          {t("account-sign-in-now")}
        </Button>
        {reset.isSuccess ? (
          <Said>{t("account-reset-sent", { email: address.email })}</Said>
        ) : (
          <Button
            variant="subtle"
            disabled={!address.email}
            loading={reset.isPending}
            onClick={() => reset.mutate({ body: { email: address.email } })}
          >
            {t("account-forgotten")}
          </Button>
        )}
        <Failed error={reset.error} />
      </form>
    </Panel>
  );
}
