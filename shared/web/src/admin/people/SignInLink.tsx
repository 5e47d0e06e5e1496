/** A link by which somebody signs in first: it is shown once. */
import { Button, CopyButton } from "@mantine/core";
import { useState } from "react";
import { problemOf } from "~/api/answers";
import { cloud, type Doc } from "~/api/client";
import { useCommunity } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Ask } from "~/ui/Ask";
import { Panel } from "~/ui/Page";
import { Failed, Said } from "~/ui/states";
import { useTimes } from "~/ui/times";

export function SignInLink({ person }: { person: Doc<"PersonDetails"> }) {
  const t = useTexts();
  const { moment } = useTimes();
  const community = useCommunity();
  const [link, setLink] = useState<Doc<"SignInLink">>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const administers = person.held.some(({ capacity }) => capacity === "administrator");

  const issue = async (anew: boolean) => {
    const { data, error } = await cloud.POST("/api/v1/communities/{community}/people/{person}/link", {
      params: { path: { community, person: person.id } },
      body: { anew },
    });
    if (error) throw error;
    setError(undefined);
    setLink(data);
  };
  const first = async () => {
    setBusy(true);
    setError(undefined);
    await issue(false).catch(setError);
    setBusy(false);
  };

  const address = link && `${window.location.origin}/join/${link.token}`;
  const joined = problemOf(error)?.code === "already-joined";
  return (
    <Panel title={t("link")}>
      <p className="quiet">{administers ? t("link-administrator") : t("link-hint")}</p>
      {link && address && (
        <Said
          action={
            <CopyButton value={address}>
              {({ copied, copy }) => (
                <Button variant="default" onClick={copy}>
                  {copied ? t("copied") : t("copy")}
                </Button>
              )}
            </CopyButton>
          }
        >
          <div className="address">{address}</div>
          {t("link-once", { until: moment(link.until_ms) })}
        </Said>
      )}
      {joined ? <Said tone="warning">{problemOf(error)?.detail}</Said> : <Failed error={error} />}
      {!administers && (
        <div className="acts">
          <Button variant="default" loading={busy} onClick={first}>
            {t("link-issue")}
          </Button>
          {joined && (
            <Ask
              button={t("link-anew")}
              title={t("link-anew-title", { name: person.name })}
              consequences={<p>{t("link-anew-what")}</p>}
              confirm={t("link-anew")}
              act={() => issue(true)}
            />
          )}
        </div>
      )}
    </Panel>
  );
}
