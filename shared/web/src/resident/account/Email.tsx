/** The address at which mail about my account is read. */
import { Button, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { wrongWith } from "~/api/answers";
import { api } from "~/api/client";
import { useHere } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Panel } from "~/ui/Page";
import { Said } from "~/ui/states";
import { Owner } from "./Owner";
import { Sub } from "./Sub";

export function Email() {
  const t = useTexts();
  const { account } = useHere();
  const queries = useQueryClient();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const set = api.useMutation("put", "/api/v1/account/email", {
    onSuccess: () => {
      setEmail("");
      setPassword("");
      queries.invalidateQueries({ queryKey: ["get", "/api/v1/session"] });
    },
  });
  const send = (email: string) => set.mutate({ body: { email, password } });
  const wrong = wrongWith(set.error, "email");
  return (
    <Sub title={t("account-email")}>
      <Panel>
        <p>
          {account.email
            ? t(account.email_proved ? "account-email-is" : "account-email-unproved", {
                email: account.email,
              })
            : t("account-email-none")}
        </p>
        {account.email_to_prove && (
          <Said>{t("account-email-to-prove", { email: account.email_to_prove })}</Said>
        )}
        <form
          className="form"
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            send(email);
          }}
        >
          <TextInput
            label={t("account-email-new")}
            type="email"
            name="email"
            autoComplete="email"
            required
            withAsterisk={false}
            value={email}
            error={wrong}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <Owner password={password} setPassword={setPassword} error={wrong ? undefined : set.error} />
          <Button type="submit" loading={set.isPending}>
            {t("account-email-set")}
          </Button>
          {account.email && (
            <Button variant="subtle" c="var(--red)" disabled={set.isPending} onClick={() => send("")}>
              {t("account-email-remove")}
            </Button>
          )}
        </form>
      </Panel>
    </Sub>
  );
}
