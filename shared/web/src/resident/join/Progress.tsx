/** What becomes of an application, for whoever made it. */
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { problemOf } from "~/api/answers";
import { api, cloud, type Doc } from "~/api/client";
import { useTexts } from "~/texts/texts";
import { Ask } from "~/ui/Ask";
import { Panel } from "~/ui/Page";
import { Failed, Loaded, Said } from "~/ui/states";
import { useTimes } from "~/ui/times";
import { useArrive, useGo } from "../account/arrive";
import { keepTicket } from "./tickets";

/** While it waits, it is looked at again. */
const AGAIN_MS = 15_000;

export function Progress({
  community,
  ticket,
  again,
}: {
  community: string;
  ticket: string;
  again: () => void;
}) {
  const t = useTexts();
  const { moment } = useTimes();
  const params = { path: { community, key: ticket } };
  const queries = useQueryClient();
  const application = api.useQuery(
    "get",
    "/api/v1/communities/{community}/applications/mine/{key}",
    { params },
    {
      refetchInterval: ({ state }) => state.data?.state === "waiting" && AGAIN_MS,
      refetchOnWindowFocus: "always",
    },
  );
  const withdraw = async () => {
    const { error } = await cloud.DELETE("/api/v1/communities/{community}/applications/mine/{key}", {
      params,
    });
    if (error) throw error;
    await queries.invalidateQueries({
      queryKey: ["get", "/api/v1/communities/{community}/applications/mine/{key}"],
    });
  };
  const afresh = (
    <Button variant="default" onClick={again}>
      {t("join-again")}
    </Button>
  );
  // It was forgotten with its time, or this browser follows one that never was.
  if (problemOf(application.error)?.code === "not-found") {
    return (
      <Said tone="warning" action={afresh}>
        {t("join-application-gone")}
      </Said>
    );
  }
  const next: Record<string, ReactNode> = {
    waiting: (
      <Ask
        button={t("join-withdraw")}
        title={t("join-withdraw-sure")}
        consequences={<p>{t("join-withdraw-what")}</p>}
        confirm={t("join-withdraw")}
        act={withdraw}
      />
    ),
    refused: afresh,
    withdrawn: afresh,
  };
  return (
    <Loaded query={application}>
      {(application) => (
        <Panel title={t("join-progress", { house: application.house_label })}>
          <div className="form">
            <Said tone={application.state === "refused" ? "warning" : "calm"}>
              <strong>{t(`join-state-${application.state}`)}</strong>
              <br />
              {application.text}
            </Said>
            {application.reason && <p>{t("join-reason", { reason: application.reason })}</p>}
            <p className="quiet small">
              {t("join-asked-at", { at: moment(application.at_ms) })}
              {application.decided_ms && (
                <> · {t("join-decided-at", { at: moment(application.decided_ms) })}</>
              )}
            </p>
            {application.state === "accepted" ? (
              <Accepted application={application} params={params} />
            ) : (
              <div>{next[application.state]}</div>
            )}
            {application.state === "waiting" && <p className="quiet small">{t("join-wait-how")}</p>}
          </div>
        </Panel>
      )}
    </Loaded>
  );
}

function Accepted({
  application,
  params,
}: {
  application: Doc<"MyApplication">;
  params: { path: { community: string; key: string } };
}) {
  const t = useTexts();
  const arrive = useArrive();
  const go = useGo();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const enter = async () => {
    setBusy(true);
    setError(undefined);
    try {
      if (!application.may_sign_in) {
        // The account that asked has become that person; whoever signed in before does so as before.
        await queries.invalidateQueries();
        keepTicket(params.path.community, undefined);
        go("/");
        return;
      }
      const link = await cloud.POST("/api/v1/communities/{community}/applications/mine/{key}/link", {
        params,
      });
      if (link.error) throw link.error;
      const session = await cloud.POST("/api/v1/session/link", { body: { token: link.data.token } });
      if (session.error) throw session.error;
      // It has done what it was for; whoever holds it could follow the application for as long as it is known.
      keepTicket(params.path.community, undefined);
      arrive(session.data);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Failed error={error} />
      <Button onClick={enter} loading={busy}>
        {t("join-enter-now")}
      </Button>
    </>
  );
}
