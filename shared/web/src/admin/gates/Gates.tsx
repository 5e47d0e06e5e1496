/** The gates as they were last seen, the hubs that move them, and what is wrong with either. */
import { IconBarrierBlock, IconDoor } from "@tabler/icons-react";
import { api } from "~/api/client";
import { useCommunity } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Page, Panel, Row, Rows } from "~/ui/Page";
import { Empty, Loaded } from "~/ui/states";
import { useTimes } from "~/ui/times";
import { Alarms } from "./Alarms";
import { Enrol } from "./Enrol";
import { Hubs } from "./Hubs";
import "./gates.css";

/** No event tells of a hub's connection. */
const ASK_MS = 10_000;

export function Gates() {
  const t = useTexts();
  const { moment } = useTimes();
  const params = { path: { community: useCommunity() } };
  const gates = api.useQuery("get", "/api/v1/communities/{community}/gates", { params });
  const hubs = api.useQuery(
    "get",
    "/api/v1/communities/{community}/hubs",
    { params },
    { refetchInterval: ASK_MS },
  );
  return (
    <Page title={t("gate-title")} wide>
      <Alarms />
      <Panel title={t("gate-list")}>
        <Loaded query={gates}>
          {({ gates }) =>
            gates.length ? (
              <Rows>
                {gates.map((gate) => (
                  <Row
                    key={gate.id}
                    lead={
                      gate.kind === "wicket" ? <IconDoor aria-hidden /> : <IconBarrierBlock aria-hidden />
                    }
                    detail={
                      <>
                        {gate.kind_text} · {gate.lanes.map((lane) => lane.direction_text).join(", ")}
                        <br />
                        {gate.seen
                          ? t("gate-seen", { text: gate.seen.text, at: moment(gate.seen.at_ms) })
                          : t("gate-not-seen")}
                      </>
                    }
                    actions={
                      <span className="state" data-bad={!gate.is_here || undefined}>
                        {gate.is_here ? t("gate-here") : t("gate-away")}
                      </span>
                    }
                  >
                    <b>{gate.name}</b>
                  </Row>
                ))}
              </Rows>
            ) : (
              <Empty>{t("gate-none")}</Empty>
            )
          }
        </Loaded>
      </Panel>
      <Panel title={t("hub-list")}>
        <Loaded query={hubs}>{({ hubs }) => <Hubs hubs={hubs} />}</Loaded>
      </Panel>
      <Panel title={t("hub-enrol")}>
        <Loaded query={hubs}>{({ hubs }) => <Enrol hubs={hubs} />}</Loaded>
      </Panel>
    </Page>
  );
}
