/** Signing in by a link that works once. It takes a click, so that no preview of a messenger uses it up. */
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { problemOf } from "~/api/answers";
import { api } from "~/api/client";
import { useAccount } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Failed, Said } from "~/ui/states";
import { useArrive } from "../account/arrive";
import { Code, wantsCode } from "../account/Code";
import { Doorstep } from "../account/Doorstep";

export function Enter({ token }: { token: string }) {
  const t = useTexts();
  const arrive = useArrive();
  const account = useAccount();
  const [code, setCode] = useState("");
  const [asksCode, setAsksCode] = useState(false);
  const enter = api.useMutation("post", "/api/v1/session/link", { onSuccess: (session) => arrive(session) });
  const send = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate(
      { body: { token, code: code || null } },
      { onError: (problem) => wantsCode(problem) && setAsksCode(true) },
    );
  };
  const wrong = problemOf(enter.error)?.code;
  const isOver = wrong === "link-ended" || wrong === "already-joined";
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
          {account.data && <Said>{t("join-enter-added")}</Said>}
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
