/** My password. */
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { problemOf, wrongWith } from "~/api/answers";
import { api } from "~/api/client";
import { useHere } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Panel } from "~/ui/Page";
import { Said } from "~/ui/states";
import { NewPassword } from "./NewPassword";
import { Owner } from "./Owner";
import { Sub } from "./Sub";

export function Password() {
  const t = useTexts();
  const { account } = useHere();
  const queries = useQueryClient();
  const [before, setBefore] = useState("");
  const [password, setPassword] = useState("");
  const set = api.useMutation("put", "/api/v1/account/password", {
    onSuccess: () => {
      setBefore("");
      setPassword("");
      queries.invalidateQueries({ queryKey: ["get", "/api/v1/session"] });
    },
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    set.mutate({ body: { before, password } });
  };
  const isNew = problemOf(set.error)?.field === "password";
  return (
    <Sub title={t("account-password")}>
      <Panel>
        <form onSubmit={send} className="form">
          {!account.email && <Said tone="warning">{t("account-password-no-email")}</Said>}
          {/* For programs that keep passwords. */}
          <input type="email" name="email" autoComplete="username" value={account.email} readOnly hidden />
          <Owner
            password={before}
            setPassword={setBefore}
            field="before"
            error={isNew ? undefined : set.error}
          />
          <NewPassword
            password={password}
            setPassword={setPassword}
            error={wrongWith(set.error, "password")}
          />
          <p className="quiet small">{t("account-ends-others")}</p>
          {set.isSuccess && <Said>{t("account-password-done")}</Said>}
          <Button type="submit" loading={set.isPending}>
            {t("account-set-password")}
          </Button>
        </form>
      </Panel>
    </Sub>
  );
}
