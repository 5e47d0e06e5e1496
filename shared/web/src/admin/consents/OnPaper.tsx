/** What somebody has signed on paper, entered by whoever has the paper. */
import { Button, Group, Stack } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { wrongWith } from "~/api/answers";
import { api, type Doc } from "~/api/client";
import { useCommunity } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Ask } from "~/ui/Ask";
import { Failed, Said } from "~/ui/states";
import { ChoosePerson } from "../people/ChoosePerson";

export function OnPaper({ current }: { current: Doc<"ConsentVersion"> }) {
  const t = useTexts();
  const params = { path: { community: useCommunity() } };
  const queries = useQueryClient();
  const [person, choose] = useState<string>();
  const [done, setDone] = useState("");
  const finish = (said: string) => {
    setDone(said);
    choose(undefined);
    queries.invalidateQueries({ queryKey: ["get", "/api/v1/communities/{community}/consents"] });
  };
  const enter = api.useMutation("post", "/api/v1/communities/{community}/consents", {
    onSuccess: () => finish(t("consent-entered")),
  });
  const withdraw = api.useMutation("post", "/api/v1/communities/{community}/consents/withdrawals", {
    // What follows was said before it was sent; what the API says is said to the one who signed.
    onSuccess: () => finish(t("consent-entered-withdrawal")),
  });
  return (
    <Stack align="flex-start">
      <ChoosePerson
        label={t("consent-who-signed")}
        value={person}
        onChange={(person) => {
          choose(person);
          if (person) setDone("");
        }}
        error={wrongWith(enter.error, "person")}
      />
      {!wrongWith(enter.error, "person") && <Failed error={enter.error} />}
      {done && <Said>{done}</Said>}
      {person && (
        <Group>
          <Button
            loading={enter.isPending}
            onClick={() => enter.mutate({ params, body: { person, text: current.id } })}
          >
            {t("consent-enter", { number: current.number })}
          </Button>
          <Ask
            button={t("consent-withdraw")}
            title={t("consent-withdraw-title")}
            consequences={<p>{t("consent-withdraw-means")}</p>}
            confirm={t("consent-withdraw-confirm")}
            act={() => withdraw.mutateAsync({ params, body: { person } })}
          />
        </Group>
      )}
    </Stack>
  );
}
