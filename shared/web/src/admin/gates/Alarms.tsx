/** What is wrong, until it is put right or somebody has seen it. Nothing where nothing is. */
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { api, type Doc } from "~/api/client";
import { useCommunity } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Panel, Row, Rows } from "~/ui/Page";
import { Failed } from "~/ui/states";
import { useTimes } from "~/ui/times";

export function Alarms() {
  const t = useTexts();
  const params = { path: { community: useCommunity() } };
  const { data, error, refetch } = api.useQuery("get", "/api/v1/communities/{community}/alarms", { params });
  if (error && !data) return <Failed error={error} retry={() => refetch()} />;
  if (!data?.alarms.length) return null;
  return (
    <Panel title={t("alarm-list", { n: data.alarms.length })}>
      <Rows>
        {data.alarms.map((alarm) => (
          <Alarm key={alarm.id} alarm={alarm} />
        ))}
      </Rows>
    </Panel>
  );
}

function Alarm({ alarm }: { alarm: Doc<"Alarm"> }) {
  const t = useTexts();
  const { moment } = useTimes();
  const community = useCommunity();
  const queries = useQueryClient();
  const seen = api.useMutation("post", "/api/v1/communities/{community}/alarms/{alarm}/acknowledge", {
    onSuccess: () =>
      queries.invalidateQueries({ queryKey: ["get", "/api/v1/communities/{community}/alarms"] }),
  });
  return (
    <Row
      detail={
        <>
          {moment(alarm.at_ms)} · {alarm.lasts ? t("alarm-lasts") : t("alarm-happened")}
          {alarm.words && (
            <details>
              <summary>{t("alarm-words")}</summary>
              <span lang="en">{alarm.words}</span>
            </details>
          )}
          <Failed error={seen.error} />
        </>
      }
      actions={
        !alarm.lasts && (
          <Button
            variant="default"
            loading={seen.isPending}
            onClick={() => seen.mutate({ params: { path: { community, alarm: alarm.id } } })}
          >
            {t("alarm-seen")}
          </Button>
        )
      }
    >
      <b>{alarm.text}</b>
      {alarm.name && ` · ${alarm.name}`}
    </Row>
  );
}
