/** Another password, by the link of a letter. */
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { wrongWith } from "~/api/answers";
import { api } from "~/api/client";
import { useTexts } from "~/texts/texts";
import { Failed, Said } from "~/ui/states";
import { Doorstep } from "./Doorstep";
import { NewPassword } from "./NewPassword";

export function Reset() {
  const t = useTexts();
  const { token = "" } = useParams({ strict: false });
  const queries = useQueryClient();
  const [password, setPassword] = useState("");
  const reset = api.useMutation("put", "/api/v1/recovery/password", {
    // All sessions have ended, also one that was here.
    onSuccess: () => queries.invalidateQueries(),
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    reset.mutate({ body: { token, password } });
  };
  if (reset.isSuccess) {
    return (
      <Doorstep title={t("account-reset")}>
        <Said>{t("account-reset-done")}</Said>
        <Link to="/sign-in">{t("account-to-sign-in")}</Link>
      </Doorstep>
    );
  }
  const wrong = wrongWith(reset.error, "password");
  return (
    <Doorstep title={t("account-reset")}>
      <form onSubmit={send} className="form panel">
        <NewPassword password={password} setPassword={setPassword} error={wrong} />
        {!wrong && <Failed error={reset.error} />}
        <Button type="submit" loading={reset.isPending}>
          {t("account-set-password")}
        </Button>
      </form>
      <Link to="/sign-in">{t("account-to-sign-in")}</Link>
    </Doorstep>
  );
}
