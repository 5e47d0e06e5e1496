/** A pass, for the visitor who has the link to it: where, when, whether it holds, and what to show at the gate. */
import { Button } from "@mantine/core";
import { IconCircleCheck, IconCircleX, IconClock } from "@tabler/icons-react";
import { useParams } from "@tanstack/react-router";
import { problemOf } from "~/api/answers";
import { api, type Doc } from "~/api/client";
import { useTexts } from "~/texts/texts";
import { Page } from "~/ui/Page";
import { Failed, Loading } from "~/ui/states";
import { useTimes, Zone } from "~/ui/times";
import "./visit.css";

type VisitDoc = Doc<"Visit">;

/** While it is looked at, it is read so often. */
const EVERY_MS = 60_000;

export function Visit() {
  const t = useTexts();
  const { token = "" } = useParams({ strict: false });
  const visit = api.useQuery(
    "get",
    "/api/v1/visits/{token}",
    { params: { path: { token } } },
    { staleTime: 0, refetchOnWindowFocus: "always", refetchInterval: EVERY_MS },
  );
  // What was cancelled meanwhile is not shown on.
  if (problemOf(visit.error)?.status === 404) return <Gone />;
  if (visit.data) {
    return (
      <Zone.Provider value={visit.data.time_zone}>
        <Page title={t("visit-title", { community: visit.data.community_name })}>
          {visit.error && <Failed error={visit.error} retry={visit.refetch} />}
          <Shown visit={visit.data} token={token} />
        </Page>
      </Zone.Provider>
    );
  }
  return (
    <Page title={t("visit")}>
      {visit.error ? <Failed error={visit.error} retry={visit.refetch} /> : <Loading />}
    </Page>
  );
}

function Shown({ visit, token }: { visit: VisitDoc; token: string }) {
  const t = useTexts();
  const { moment } = useTimes();
  const { standing, next_ms, code } = visit;
  const holds = standing === "holds";
  const waits = standing === "not_yet" || standing === "outside_hours";
  const Icon = holds ? IconCircleCheck : waits ? IconClock : IconCircleX;
  return (
    <div className="visit">
      <p className="visit-standing" data-tone={holds ? "good" : waits ? "warning" : "over"} role="status">
        <Icon aria-hidden size={28} />
        <span>
          {visit.standing_text}
          {waits && next_ms != null && <small>{t("visit-next", { moment: moment(next_ms) })}</small>}
        </span>
      </p>
      <dl className="visit-facts">
        {visit.house_label && (
          <div>
            <dt>{t("visit-where")}</dt>
            <dd>{t("house-label", { house: visit.house_label })}</dd>
          </div>
        )}
        <div>
          <dt>{t("visit-when")}</dt>
          <dd>{visit.window_text}</dd>
        </div>
        <div>
          <dt>{t("visit-kind")}</dt>
          <dd>{visit.kind_text}</dd>
        </div>
      </dl>
      {(holds || waits) && code && (
        <section className="visit-code">
          <h2>{t("visit-code")}</h2>
          <p className="code">{code}</p>
          <img
            src={`/api/v1/visits/${encodeURIComponent(token)}/qr.svg`}
            alt={t("visit-qr", { code })}
            width={240}
            height={240}
          />
        </section>
      )}
      <p className="quiet">
        {holds || waits ? t(code ? "visit-how-code" : "visit-how-plate") : t("visit-over")}
      </p>
    </div>
  );
}

/** It was cancelled, its link was taken back, or there never was one: nobody is told which. */
function Gone() {
  const t = useTexts();
  return (
    <Page title={t("visit-gone")}>
      <p>{t("visit-gone-about")}</p>
      <Button variant="default" onClick={() => window.location.reload()}>
        {t("visit-look-again")}
      </Button>
    </Page>
  );
}
