/** What people agree to, in which versions, and who did. */
import { api } from "~/api/client";
import { useCommunity } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Page, Panel } from "~/ui/Page";
import { Loaded } from "~/ui/states";
import { Given } from "./Given";
import { OnPaper } from "./OnPaper";
import { Publish } from "./Publish";
import { Versions } from "./Versions";
import "./consents.css";

export function Consents() {
  const t = useTexts();
  const params = { path: { community: useCommunity() } };
  const texts = api.useQuery("get", "/api/v1/communities/{community}/consents/texts", { params });
  return (
    <Page title={t("consent-title")} wide>
      <Loaded query={texts}>
        {({ versions }) => (
          <>
            <Versions versions={versions} />
            <Panel title={versions.length ? t("consent-next") : t("consent-first")}>
              <Publish current={versions[0]} />
            </Panel>
            <Panel title={t("consent-given")}>
              <Given current={versions[0]?.number ?? 0} />
            </Panel>
            {versions[0] && (
              <Panel title={t("consent-paper")}>
                <OnPaper current={versions[0]} />
              </Panel>
            )}
          </>
        )}
      </Loaded>
    </Page>
  );
}
