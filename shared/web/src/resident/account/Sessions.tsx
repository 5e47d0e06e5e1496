/** Where I am signed in. */
import { useQueryClient } from "@tanstack/react-query";
import { api, cloud } from "~/api/client";
import { useTexts } from "~/texts/texts";
import { Ask } from "~/ui/Ask";
import { Panel, Row, Rows } from "~/ui/Page";
import { Loaded } from "~/ui/states";
import { useTimes } from "~/ui/times";
import { agentName } from "./agent";
import { Sub } from "./Sub";

const SESSIONS = "/api/v1/account/sessions";

export function Sessions() {
  const t = useTexts();
  const { moment } = useTimes();
  const queries = useQueryClient();
  const sessions = api.useQuery("get", SESSIONS);
  const reread = () => queries.invalidateQueries({ queryKey: ["get", SESSIONS] });
  const end = async (session: string) => {
    const { error } = await cloud.DELETE("/api/v1/account/sessions/{session}", {
      params: { path: { session } },
    });
    if (error) throw error;
    await reread();
  };
  const endOthers = async () => {
    const { error } = await cloud.DELETE(SESSIONS);
    if (error) throw error;
    await reread();
  };
  return (
    <Sub title={t("account-sessions")}>
      <Loaded query={sessions}>
        {({ sessions }) => (
          <>
            <Panel>
              <Rows>
                {sessions.map((session) => {
                  const name = agentName(session.agent) || t("account-agent-unknown");
                  return (
                    <Row
                      key={session.id}
                      detail={
                        <>
                          {t(`account-way-${session.way}`)}
                          {session.second_factor && <>, {t("account-with-code")}</>} ·{" "}
                          {t("account-seen", { at: moment(session.seen_ms) })}
                        </>
                      }
                      actions={
                        session.is_this ? (
                          <strong>{t("account-this")}</strong>
                        ) : (
                          <Ask
                            quiet
                            button={t("account-end")}
                            title={t("account-end-one", { name })}
                            consequences={<p>{t("account-end-what")}</p>}
                            confirm={t("account-end")}
                            act={() => end(session.id)}
                          />
                        )
                      }
                    >
                      {name}
                    </Row>
                  );
                })}
              </Rows>
            </Panel>
            {sessions.length > 1 && (
              <Ask
                button={t("account-end-others")}
                title={t("account-end-others")}
                consequences={<p>{t("account-end-others-what", { count: sessions.length - 1 })}</p>}
                confirm={t("account-end")}
                act={endOthers}
              />
            )}
          </>
        )}
      </Loaded>
    </Sub>
  );
}
