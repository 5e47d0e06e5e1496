/** A second factor beside the password. */
import { Button, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, Suspense, useState } from "react";
import { wrongWith } from "~/api/answers";
import { api, type Doc } from "~/api/client";
import { useHere } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Copy } from "~/ui/Copy";
import { late } from "~/ui/late";
import { Panel } from "~/ui/Page";
import { Failed, Loading, Said } from "~/ui/states";
import { Code } from "./Code";
import { Owner } from "./Owner";
import { Sub } from "./Sub";

const Qr = late(() => import("~/ui/Qr"));

export function SecondFactor() {
  const t = useTexts();
  const { account } = useHere();
  const [codes, setCodes] = useState<string[]>();
  return (
    <Sub title={t("account-second-factor")}>
      <p className="quiet">{t("account-second-factor-how")}</p>
      {codes ? <Codes codes={codes} /> : account.second_factor ? <TurnOff /> : <TurnOn done={setCodes} />}
    </Sub>
  );
}

function useReread() {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ["get", "/api/v1/session"] });
}

function TurnOn({ done }: { done: (codes: string[]) => void }) {
  const t = useTexts();
  const [password, setPassword] = useState("");
  const offer = api.useMutation("post", "/api/v1/account/second-factor");
  const begin = (event: FormEvent) => {
    event.preventDefault();
    offer.mutate({ body: { password } });
  };
  if (offer.data) return <Confirm offered={offer.data} done={done} />;
  return (
    <Panel>
      <form onSubmit={begin} className="form">
        <p>{t("account-second-factor-app")}</p>
        <Owner password={password} setPassword={setPassword} error={offer.error} />
        <Button type="submit" loading={offer.isPending}>
          {t("account-second-factor-begin")}
        </Button>
      </form>
    </Panel>
  );
}

function Confirm({
  offered,
  done,
}: {
  offered: Doc<"OfferedSecondFactor">;
  done: (codes: string[]) => void;
}) {
  const t = useTexts();
  const reread = useReread();
  const [code, setCode] = useState("");
  const confirm = api.useMutation("put", "/api/v1/account/second-factor", {
    onSuccess: async ({ codes }) => {
      done(codes);
      await reread();
    },
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    confirm.mutate({ body: { code } });
  };
  const wrong = wrongWith(confirm.error, "code");
  return (
    <Panel title={t("account-second-factor-scan")}>
      <form onSubmit={send} className="form">
        <Suspense fallback={<Loading />}>
          <Qr text={offered.url} label={t("account-second-factor-qr")} />
        </Suspense>
        <a href={offered.url}>{t("account-second-factor-here")}</a>
        <TextInput
          label={t("account-second-factor-secret")}
          readOnly
          value={offered.secret}
          onFocus={(event) => event.currentTarget.select()}
        />
        <Code code={code} setCode={setCode} error={wrong} />
        <p className="quiet small">{t("account-ends-others")}</p>
        {!wrong && <Failed error={confirm.error} />}
        <Button type="submit" loading={confirm.isPending}>
          {t("account-second-factor-turn-on")}
        </Button>
      </form>
    </Panel>
  );
}

function Codes({ codes }: { codes: string[] }) {
  const t = useTexts();
  return (
    <Panel title={t("account-recovery")}>
      <div className="form">
        <Said>{t("account-second-factor-is-on")}</Said>
        <p>{t("account-recovery-how")}</p>
        <ul className="codes">
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <Copy text={codes.join("\n")} />
      </div>
    </Panel>
  );
}

function TurnOff() {
  const t = useTexts();
  const { account } = useHere();
  const reread = useReread();
  const [code, setCode] = useState("");
  const remove = api.useMutation("delete", "/api/v1/account/second-factor", { onSuccess: reread });
  const send = (event: FormEvent) => {
    event.preventDefault();
    remove.mutate({ body: { code } });
  };
  const wrong = wrongWith(remove.error, "code");
  return (
    <Panel title={t("account-second-factor-off")}>
      <form onSubmit={send} className="form">
        <Said>{t("account-recovery-left", { count: account.recovery_codes })}</Said>
        <Code code={code} setCode={setCode} error={wrong} />
        {!wrong && <Failed error={remove.error} />}
        <Button type="submit" variant="default" c="var(--red)" loading={remove.isPending}>
          {t("account-second-factor-turn-off")}
        </Button>
      </form>
    </Panel>
  );
}
