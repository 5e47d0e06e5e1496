/** Hubs: those that are connected, those that are away, and those that are none any more. */
import { useQueryClient } from "@tanstack/react-query";
import { api, type Doc } from "~/api/client";
import { useCommunity } from "~/session/session";
import { type Texts, useTexts } from "~/texts/texts";
import { Ask } from "~/ui/Ask";
import { Row, Rows } from "~/ui/Page";
import { Empty } from "~/ui/states";
import { useTimes } from "~/ui/times";

/** A clock that is this much off is worth a word: what is judged by the minute is not touched by less. */
const CLOCK_MS = 2_000;

export function Hubs({ hubs }: { hubs: Doc<"Hub">[] }) {
  const t = useTexts();
  const living = hubs.filter((hub) => !hub.revoked_ms);
  const gone = hubs.filter((hub) => hub.revoked_ms);
  return (
    <>
      {living.length ? (
        living.map((hub) => <Hub key={hub.id} hub={hub} counted={living.length === 1} />)
      ) : (
        <Empty>{t("hub-none")}</Empty>
      )}
      {gone.length > 0 && (
        <details>
          <summary>{t("hub-gone", { n: gone.length })}</summary>
          <Rows>
            {gone.map((hub) => (
              <Gone key={hub.id} hub={hub} />
            ))}
          </Rows>
        </details>
      )}
    </>
  );
}

function Hub({ hub, counted }: { hub: Doc<"Hub">; counted: boolean }) {
  const t = useTexts();
  const { moment } = useTimes();
  const { connection } = hub;
  return (
    <article className="hub">
      <div className="hub-head">
        <h3>{hub.label}</h3>
        <span className="state" data-bad={!connection || undefined}>
          {connection ? t("hub-connected") : t("hub-away")}
        </span>
        <Revoke hub={hub} />
      </div>
      <dl className="facts">
        <dt>{t("hub-link")}</dt>
        <dd>
          {connection
            ? t("hub-since", { at: moment(connection.since_ms) })
            : hub.seen_ms
              ? t("hub-seen", { at: moment(hub.seen_ms) })
              : t("hub-never")}
        </dd>
        {connection && (
          <>
            <dt>{t("hub-data")}</dt>
            <dd>{connection.is_in_step ? t("hub-in-step") : t("hub-behind")}</dd>
            <dt>{t("hub-clock")}</dt>
            <dd>{clock(connection, t)}</dd>
            <dt>{t("hub-software")}</dt>
            <dd>{connection.software}</dd>
          </>
        )}
        {counted && <JournalLength />}
        <dt>{t("hub-enrolled")}</dt>
        <dd>{moment(hub.enrolled_ms)}</dd>
        <dt>{t("hub-fingerprint")}</dt>
        <dd className="code">{hub.fingerprint}</dd>
      </dl>
    </article>
  );
}

/** Entries of a hub are numbered without gaps: where there is one hub, the newest says how many there were. */
function JournalLength() {
  const t = useTexts();
  const { moment } = useTimes();
  const community = useCommunity();
  const newest = api.useQuery("get", "/api/v1/communities/{community}/journal", {
    params: { path: { community }, query: { limit: 1 } },
  });
  const entry = newest.data?.entries[0];
  if (!entry) return null;
  return (
    <>
      <dt>{t("hub-journal")}</dt>
      <dd>{t("hub-entries", { n: entry.number, at: moment(entry.at_ms) })}</dd>
    </>
  );
}

function clock({ clock_ahead_ms, is_clock_trusted }: Doc<"HubConnection">, t: Texts): string {
  if (typeof clock_ahead_ms !== "number") return t("hub-clock-unknown");
  const s = Math.round(Math.abs(clock_ahead_ms) / 1000);
  if (Math.abs(clock_ahead_ms) >= CLOCK_MS)
    return clock_ahead_ms > 0 ? t("hub-clock-ahead", { s }) : t("hub-clock-behind", { s });
  return is_clock_trusted ? t("hub-clock-right") : t("hub-clock-untrusted");
}

function Gone({ hub }: { hub: Doc<"Hub"> }) {
  const t = useTexts();
  const { moment } = useTimes();
  return (
    <Row detail={<span className="code">{hub.fingerprint}</span>}>
      {hub.label} · {t("hub-revoked", { at: moment(hub.revoked_ms ?? 0) })}
    </Row>
  );
}

function Revoke({ hub }: { hub: Doc<"Hub"> }) {
  const t = useTexts();
  const community = useCommunity();
  const queries = useQueryClient();
  const revoke = api.useMutation("delete", "/api/v1/communities/{community}/hubs/{hub}", {
    onSuccess: () => {
      for (const path of ["hubs", "gates", "alarms"])
        queries.invalidateQueries({ queryKey: ["get", `/api/v1/communities/{community}/${path}`] });
    },
  });
  return (
    <Ask
      quiet
      button={t("hub-revoke")}
      title={t("hub-revoke-title", { label: hub.label })}
      consequences={
        <ul>
          <li>{t("hub-revoke-final")}</li>
          <li>{t("hub-revoke-gates")}</li>
          <li>{t("hub-revoke-replace")}</li>
        </ul>
      }
      confirm={t("hub-revoke-confirm")}
      act={() => revoke.mutateAsync({ params: { path: { community, hub: hub.id } } })}
    />
  );
}
