/** Somebody asks to join: who waits at the left, at the right this one, beside the house that they name. */
import { IconArrowLeft } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { api, type Doc } from "~/api/client";
import { useCommunity } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Page, Panel, Row, Rows } from "~/ui/Page";
import { Failed, Loading, Said, type Tone } from "~/ui/states";
import { useTimes } from "~/ui/times";
import { useWaiting } from "../inbox/waiting";
import { Link, useGo, usePart } from "../links";
import { Claim, Evidence } from "./Claim";
import { Decide } from "./Decide";
import "./application.css";

export function Application() {
  const t = useTexts();
  const id = usePart("application");
  const go = useGo();
  const queries = useQueryClient();
  const community = useCommunity();
  const waiting = useWaiting();
  const [done, setDone] = useState<{ said: string; tone: Tone }>();
  const application = api.useQuery(
    "get",
    "/api/v1/communities/{community}/applications/{application}",
    { params: { path: { community, application: id } } },
    { staleTime: 0 },
  );

  // Somebody else may decide while it is looked at: the list hears of it.
  const decided = waiting.decided.some((other) => other.id === id);
  const refetch = application.refetch;
  useEffect(() => {
    if (decided) refetch();
  }, [decided, refetch]);

  const next = waiting.applications.find((other) => other.id !== id);
  const onDecided = async (said: string, stay: boolean) => {
    if (stay) window.scrollTo(0, 0);
    setDone({ said, tone: stay ? "warning" : "calm" });
    if (next && !stay) go({ to: "/applications/$application", params: { application: next.id } });
    for (const path of ["applications", "applications/{application}", "people", "houses/{house}/people"]) {
      queries.invalidateQueries({ queryKey: ["get", `/api/v1/communities/{community}/${path}`] });
    }
  };

  return (
    <Page
      wide
      title={t("application")}
      actions={
        <Link to="/" className="act">
          <IconArrowLeft aria-hidden size={20} />
          {t("application-inbox")}
        </Link>
      }
    >
      {done && <Said tone={done.tone}>{done.said}</Said>}
      <div className="desk">
        <div className="desk-list">
          <Panel title={t("application-waiting", { count: waiting.applications.length })}>
            <Applicants applications={waiting.applications} />
          </Panel>
        </div>
        <div key={id}>
          {application.data ? (
            <One
              application={application.data}
              onDecided={onDecided}
              next={next && <Next application={next} />}
            />
          ) : application.error ? (
            <Failed error={application.error} retry={() => application.refetch()} />
          ) : (
            <Loading />
          )}
        </div>
      </div>
    </Page>
  );
}

function One({
  application,
  onDecided,
  next,
}: {
  application: Doc<"ApplicationDetails">;
  onDecided: (said: string, stay: boolean) => Promise<void>;
  next?: ReactNode;
}) {
  return (
    <>
      {application.decision && <Decided decision={application.decision} />}
      {application.decision && next}
      <div className="weighed">
        <Panel title={application.name}>
          <Claim application={application} />
        </Panel>
        {!application.decision && <Evidence application={application} />}
        {!application.decision && <Decide application={application} onDecided={onDecided} next={next} />}
      </div>
    </>
  );
}

function Next({ application }: { application: Doc<"Application"> }) {
  const t = useTexts();
  return (
    <Link to="/applications/$application" params={{ application: application.id }} className="act">
      {t("application-next", { name: application.name })}
    </Link>
  );
}

function Decided({ decision }: { decision: Doc<"Decision"> }) {
  const t = useTexts();
  const { moment } = useTimes();
  const when = moment(decision.at_ms);
  if (decision.withdrawn) return <Said>{t("application-withdrawn", { when })}</Said>;
  if (!decision.accepted) {
    return <Said>{t("application-refused", { name: decision.by_name, when, reason: decision.reason })}</Said>;
  }
  return (
    <Said
      action={
        <Link to="/people/$person" params={{ person: decision.accepted }}>
          {t("application-person")}
        </Link>
      }
    >
      {t("application-accepted", { name: decision.by_name, when })}
    </Said>
  );
}

/** Who asks, each a link. */
export function Applicants({ applications }: { applications: Doc<"Application">[] }) {
  const t = useTexts();
  const { moment } = useTimes();
  return (
    <Rows>
      {applications.map((application) => (
        <Row
          key={application.id}
          detail={
            application.decision
              ? `${t(`application-is-${outcome(application.decision)}`)}, ${moment(application.decision.at_ms)}`
              : `${t(`application-by-${application.proof}`)}, ${moment(application.at_ms)}`
          }
        >
          <Link
            to="/applications/$application"
            params={{ application: application.id }}
            className="applicant"
          >
            {t("application-who", { name: application.name, house: application.house_label })}
          </Link>
        </Row>
      ))}
    </Rows>
  );
}

function outcome({ accepted, withdrawn }: Doc<"Decision">): "accepted" | "refused" | "withdrawn" {
  if (withdrawn) return "withdrawn";
  return accepted ? "accepted" : "refused";
}
