/** That mail to an address is read, by the link of a letter; opened where one is signed in. */
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { problemOf } from "~/api/answers";
import { api } from "~/api/client";
import { useTexts } from "~/texts/texts";
import { Failed, Said } from "~/ui/states";
import { Doorstep } from "./Doorstep";

export function Prove() {
  const t = useTexts();
  const { token = "" } = useParams({ strict: false });
  const queries = useQueryClient();
  const prove = api.useMutation("post", "/api/v1/account/email/proof", {
    onSuccess: () => queries.invalidateQueries(),
  });
  const isStranger = problemOf(prove.error)?.code === "no-session";
  return (
    <Doorstep title={t("account-prove")}>
      {prove.isSuccess ? (
        <>
          <Said>{t("account-proved", { email: prove.data.email })}</Said>
          <Link to="/settings/email">{t("account-to-settings")}</Link>
        </>
      ) : (
        <div className="panel form">
          <p>{t("account-prove-how")}</p>
          {/* A click, so that no program that looks into letters uses the link up. */}
          <Failed error={prove.error} />
          {isStranger ? (
            <Link to="/sign-in" search={{ to: `/prove/${token}` }}>
              {t("account-to-sign-in")}
            </Link>
          ) : (
            <Button onClick={() => prove.mutate({ body: { token } })} loading={prove.isPending}>
              {t("account-prove-now")}
            </Button>
          )}
        </div>
      )}
    </Doorstep>
  );
}
