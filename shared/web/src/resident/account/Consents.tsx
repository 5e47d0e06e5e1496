/** What I agreed to, and what I am asked to agree to. */
import { Button, Checkbox } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, cloud, type Doc } from "~/api/client";
import { useCommunity } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Ask } from "~/ui/Ask";
import { Panel, Row, Rows } from "~/ui/Page";
import { Empty, Failed, Loaded, Said } from "~/ui/states";
import { useTimes } from "~/ui/times";
import "../join/join.css";
import { Sub } from "./Sub";

const MINE = "/api/v1/communities/{community}/me/consents";

export function Consents() {
  const t = useTexts();
  const community = useCommunity();
  const mine = api.useQuery("get", MINE, { params: { path: { community } } });
  return (
    <Sub title={t("account-consents")}>
      <Loaded query={mine}>{(mine) => <Mine mine={mine} />}</Loaded>
    </Sub>
  );
}

function Mine({ mine }: { mine: Doc<"MyConsents"> }) {
  const t = useTexts();
  const { moment } = useTimes();
  const community = useCommunity();
  const queries = useQueryClient();
  const [follows, setFollows] = useState<string>();
  const stands = mine.consents.some((consent) => !consent.withdrawn_ms);
  const withdraw = async () => {
    const { data, error } = await cloud.POST("/api/v1/communities/{community}/me/consents/withdrawal", {
      params: { path: { community } },
    });
    if (error) throw error;
    setFollows(data.follows);
    await queries.invalidateQueries({ queryKey: ["get", MINE] });
  };
  return (
    <>
      {follows && <Said tone="warning">{follows}</Said>}
      {mine.asked && mine.current && <Agree consent={mine.current} agreed={() => setFollows(undefined)} />}
      <Panel title={t("account-consents-mine")}>
        {mine.consents.length ? (
          <Rows>
            {mine.consents.map((consent) => (
              <Row
                key={consent.id}
                detail={
                  <>
                    {t(`account-channel-of-${consent.channel}`)} · {moment(consent.at_ms)}
                    {consent.withdrawn_ms && (
                      <> · {t("account-withdrawn", { at: moment(consent.withdrawn_ms) })}</>
                    )}
                  </>
                }
              >
                {t("account-consent-number", { number: consent.number })}
              </Row>
            ))}
          </Rows>
        ) : (
          <Empty>{t("account-consents-none")}</Empty>
        )}
      </Panel>
      {mine.current && !mine.asked && (
        <Panel title={t("account-consent-number", { number: mine.current.number })}>
          <p className="prose consent">{mine.current.text}</p>
        </Panel>
      )}
      {stands && (
        <Ask
          button={t("account-withdraw")}
          title={t("account-withdraw-sure")}
          consequences={<p>{mine.if_withdrawn}</p>}
          confirm={t("account-withdraw")}
          act={withdraw}
        />
      )}
    </>
  );
}

function Agree({ consent, agreed }: { consent: Doc<"CurrentConsent">; agreed: () => void }) {
  const t = useTexts();
  const community = useCommunity();
  const queries = useQueryClient();
  const [checked, setChecked] = useState(false);
  const agree = api.useMutation("post", MINE, {
    onSuccess: agreed,
    // Also where it is another text by now.
    onSettled: () => queries.invalidateQueries({ queryKey: ["get", MINE] }),
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    agree.mutate({ params: { path: { community } }, body: { text: consent.id } });
  };
  return (
    <Panel title={t("account-consent-asked", { number: consent.number })}>
      <form onSubmit={send} className="form">
        <p className="prose consent">{consent.text}</p>
        <Checkbox
          label={t("account-agree")}
          checked={checked}
          required
          onChange={(event) => setChecked(event.currentTarget.checked)}
        />
        <Failed error={agree.error} />
        <Button type="submit" loading={agree.isPending}>
          {t("account-agree-now")}
        </Button>
      </form>
    </Panel>
  );
}
