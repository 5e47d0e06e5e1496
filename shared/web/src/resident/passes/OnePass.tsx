/** A pass: what it is, how it stands, its code, a link for its visitor, and what became of it. */
import { IconCircleCheck, IconClock } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { api, cloud } from "~/api/client";
import { useHere } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Ask } from "~/ui/Ask";
import { Page, Panel } from "~/ui/Page";
import { Plate } from "~/ui/Plate";
import { Empty, Loaded } from "~/ui/states";
import { useTimes } from "~/ui/times";
import { Arrivals } from "../journal/Arrivals";
import { arrivals, type Line } from "../journal/arrivals";
import { whenOf } from "./PassRow";
import { OF_HOUSE, type Pass } from "./passes";
import { Share } from "./Share";
import "./passes.css";

const Qr = lazy(() => import("~/ui/Qr"));
/** How a pass stands that may let somebody in yet. */
const LIVING = ["holds", "not_yet", "outside_hours"];

export function OnePass() {
  const t = useTexts();
  const { community } = useHere();
  const { pass = "" } = useParams({ strict: false });
  const query = api.useQuery(
    "get",
    "/api/v1/communities/{community}/passes/{pass}",
    { params: { path: { community, pass } } },
    { staleTime: 0 },
  );
  return (
    <Page title={query.data?.pass.kind_text ?? t("pass")}>
      <Loaded query={query}>{({ pass, history }) => <Shown pass={pass} history={history} />}</Loaded>
    </Page>
  );
}

function Shown({ pass, history }: { pass: Pass; history: Line[] }) {
  const t = useTexts();
  const here = useHere();
  const times = useTimes();
  const queries = useQueryClient();
  const isLiving = LIVING.includes(pass.standing);
  const cancel = async () => {
    const { error } = await cloud.DELETE("/api/v1/communities/{community}/passes/{pass}", {
      params: { path: { community: here.community, pass: pass.id } },
    });
    if (error) throw error;
    queries.invalidateQueries({ queryKey: ["get", OF_HOUSE] });
    queries.invalidateQueries({ queryKey: ["get", "/api/v1/communities/{community}/passes/{pass}"] });
  };
  const Icon = pass.standing === "holds" ? IconCircleCheck : IconClock;
  return (
    <>
      <Panel>
        <div className="pass-card">
          {pass.plate_shown && <Plate shown={pass.plate_shown} size="1.75rem" />}
          {pass.name && <strong className="pass-name">{pass.name}</strong>}
          <span className="standing" data-standing={pass.standing}>
            <Icon aria-hidden size={20} />
            {pass.standing_text}
          </span>
          {isLiving && <strong>{whenOf(pass, t, times)}</strong>}
          <span>{pass.window_text}</span>
          {pass.entries != null && <span>{t("pass-used", { used: pass.used, entries: pass.entries })}</span>}
          {pass.note && <span>{t("pass-note-says", { note: pass.note })}</span>}
          <span className="quiet small">
            {t("house-label", { house: pass.house_label })} ·{" "}
            {t("pass-issued", { by: pass.issued_by || "—", moment: times.moment(pass.issued_ms) })}
          </span>
        </div>
      </Panel>
      {pass.code && isLiving && (
        <Panel title={t("pass-code")}>
          <p className="code">{pass.code}</p>
          <p className="quiet">{t("pass-code-about")}</p>
          <Suspense fallback={<div className="qr qr-coming" />}>
            <Qr text={pass.code} label={t("pass-code-qr", { code: pass.code })} />
          </Suspense>
        </Panel>
      )}
      {isLiving && here.may("IssuePass", pass.house) && <Share pass={pass} />}
      <Panel title={t("pass-history")}>
        {history.length ? (
          <Arrivals arrivals={arrivals(history)} withDay />
        ) : (
          <Empty>{isLiving ? t("pass-history-none-yet") : t("pass-history-none")}</Empty>
        )}
      </Panel>
      {isLiving && here.may("IssuePass", pass.house) && (
        <Ask
          button={t("pass-cancel")}
          title={t("pass-cancel-title")}
          consequences={
            <p>
              {t("pass-cancel-about", { who: pass.plate_shown || pass.name || pass.kind_text })}
              {pass.is_shared && ` ${t("pass-cancel-link")}`}
            </p>
          }
          confirm={t("pass-cancel")}
          act={cancel}
        />
      )}
      <Link to="/passes" className="further">
        {t("pass-all")}
      </Link>
    </>
  );
}
