/** What needs a decision, first of all; and what should be known. */
import { Button } from "@mantine/core";
import { api, type Doc } from "~/api/client";
import { useCommunity } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Page, Panel, Row, Rows } from "~/ui/Page";
import { Empty, Failed, Loading } from "~/ui/states";
import { useTimes } from "~/ui/times";
import { Applicants } from "../applications/Application";
import { Alarms } from "../gates/Alarms";
import { Link } from "../links";
import { useWaiting } from "./waiting";

export function Inbox() {
  const t = useTexts();
  const { queries, applications, decided, away, count, more, readMore } = useWaiting();
  const failed = queries.find((query) => query.error);
  const known = queries.every((query) => query.data !== undefined);
  return (
    <Page title={t("inbox")} wide>
      <Failed error={failed?.error} retry={() => failed?.refetch()} />
      {!known && !failed && <Loading />}
      {known && count === 0 && (
        <Panel>
          <p className="nothing">{t("inbox-nothing")}</p>
          <Empty>{t("inbox-nothing-hint")}</Empty>
        </Panel>
      )}
      {applications.length > 0 && (
        <Panel title={t("inbox-applications", { count: applications.length })}>
          <Applicants applications={applications} />
          {more && (
            <Button variant="default" fullWidth onClick={() => readMore()}>
              {t("more")}
            </Button>
          )}
        </Panel>
      )}
      {away.length > 0 && (
        <Panel title={t("inbox-away")}>
          <Rows>
            {away.map((hub) => (
              <Away key={hub.id} hub={hub} />
            ))}
          </Rows>
        </Panel>
      )}
      <Alarms />
      <Unreached />
      {decided.length > 0 && (
        <Panel title={t("inbox-decided")}>
          <Applicants applications={decided.slice(0, DECIDED)} />
        </Panel>
      )}
    </Page>
  );
}

/** Decisions that are shown again, for whoever was too quick. */
const DECIDED = 5;

function Away({ hub }: { hub: Doc<"Hub"> }) {
  const t = useTexts();
  const { moment } = useTimes();
  return (
    <Row
      detail={hub.seen_ms ? t("inbox-away-since", { when: moment(hub.seen_ms) }) : t("inbox-away-never")}
      actions={<Link to="/gates">{t("inbox-gates")}</Link>}
    >
      {t("inbox-away-hub", { name: hub.label })}
    </Row>
  );
}

/** What did not reach people: nothing to decide, but good to know. */
function Unreached() {
  const t = useTexts();
  const community = useCommunity();
  const failures = api.useQuery("get", "/api/v1/communities/{community}/notifications/failures", {
    params: { path: { community } },
  });
  if (!failures.data) return null;
  const { channels, unreachable, stale } = failures.data;
  const failed = channels.filter((channel) => channel.failed + channel.unknown > 0);
  if (!unreachable && !stale && !failed.length) return null;
  return (
    <Panel title={t("inbox-unreached")}>
      <Rows>
        {failed.map(({ channel, sent, failed, unknown }) => (
          <Row key={channel} detail={t("inbox-unreached-sent", { sent })}>
            {t(`inbox-channel-${channel}`, { count: failed + unknown })}
          </Row>
        ))}
        {unreachable > 0 && (
          <Row detail={t("inbox-unreachable-hint")}>{t("inbox-unreachable", { count: unreachable })}</Row>
        )}
        {stale > 0 && <Row>{t("inbox-stale", { count: stale })}</Row>}
      </Rows>
    </Panel>
  );
}
