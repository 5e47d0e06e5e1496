/** Signing in by a link that works once. It takes a click, so that no preview of a messenger uses it up. */
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { problemOf } from "~/api/answers";
import { api } from "~/api/client";
import { firstPlace } from "~/session/places";
import { type Account, useAccount } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Failed, Said } from "~/ui/states";
import { useArrive, useGo } from "../account/arrive";
import { Code, wantsCode } from "../account/Code";
import { Doorstep } from "../account/Doorstep";

export function Enter({ token }: { token: string }) {
  const t = useTexts();
  const arrive = useArrive();
  const account = useAccount();
  const [code, setCode] = useState("");
  const [asksCode, setAsksCode] = useState(false);
  const [other, setOther] = useState<Account>();
  const enter = api.useMutation("post", "/api/v1/session/link", {
    onSuccess: (session) => {
      const before = account.data?.id;
      const isOther = before && session.account && session.account.id !== before;
      // They are somebody else now, and it is said as whom before they act as them.
      if (isOther) setOther(session.account ?? undefined);
      arrive(session, isOther ? `/join/${token}` : undefined);
    },
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate(
      { body: { token, code: code || null } },
      { onError: (problem) => wantsCode(problem) && setAsksCode(true) },
    );
  };
  const wrong = problemOf(enter.error)?.code;
  const isOver = wrong === "link-ended" || wrong === "already-joined";
  if (other) return <Other account={other} />;
  return (
    <Doorstep title={t("join-enter")}>
      {isOver ? (
        <div className="panel form">
          <Failed error={enter.error} />
          <p>{t("join-link-over")}</p>
          <Link to="/sign-in">{t("join-to-sign-in")}</Link>
        </div>
      ) : (
        <form onSubmit={send} className="panel form">
          <p>{t("join-enter-how")}</p>
          {account.data && <Said>{t("join-enter-or", { name: nameOf(account.data) })}</Said>}
          {asksCode && <Code code={code} setCode={setCode} />}
          {wrong !== "second-factor" && <Failed error={enter.error} />}
          <Button type="submit" loading={enter.isPending}>
            {t("join-enter-now")}
          </Button>
        </form>
      )}
    </Doorstep>
  );
}

/** What somebody is called who may be another in each settlement. */
function nameOf({ persons, email }: Account): string {
  return [...new Set(persons.map(({ name }) => name))].join(", ") || email;
}

function Other({ account }: { account: Account }) {
  const t = useTexts();
  const go = useGo();
  return (
    <Doorstep title={t("join-enter")}>
      <div className="panel form">
        <Said tone="warning">{t("join-enter-other", { name: nameOf(account) })}</Said>
        <Button onClick={() => go(firstPlace(account))}>{t("join-enter-go-on")}</Button>
      </div>
    </Doorstep>
  );
}
