/** A link to a pass, which its visitor opens without an account. It is shown once: nobody can read it again. */
import { Button, Group, Switch } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy, IconShare } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { cloud } from "~/api/client";
import { useCommunity } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Ask } from "~/ui/Ask";
import { Panel } from "~/ui/Page";
import { Failed, Said } from "~/ui/states";
import type { Pass } from "./passes";

const Qr = lazy(() => import("~/ui/Qr"));
const LINK = "/api/v1/communities/{community}/passes/{pass}/link";

export function Share({ pass }: { pass: Pass }) {
  const t = useTexts();
  const community = useCommunity();
  const queries = useQueryClient();
  const [showsHouse, setShowsHouse] = useState(true);
  const [link, setLink] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [copyFails, setCopyFails] = useState(false);
  const clipboard = useClipboard({ timeout: 4000 });
  const params = { path: { community, pass: pass.id } };
  const changed = () =>
    queries.invalidateQueries({ queryKey: ["get", "/api/v1/communities/{community}/passes/{pass}"] });

  const make = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const { data, error } = await cloud.POST(LINK, { params, body: { shows_house: showsHouse } });
      if (error) throw error;
      setLink(`${window.location.origin}/visits/${data.token}`);
      changed();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const withdraw = async () => {
    const { error } = await cloud.DELETE(LINK, { params });
    if (error) throw error;
    setLink("");
    changed();
  };
  const send = () =>
    // Whoever closes the sheet wanted nothing else.
    navigator.share({ title: t("pass-link-title"), url: link }).catch(() => {});
  const copy = async () => {
    setCopyFails(false);
    // There is no clipboard where a page came without TLS.
    if (navigator.clipboard) clipboard.copy(link);
    else setCopyFails(true);
  };
  return (
    <Panel title={t("pass-share")}>
      {link ? (
        <div className="link-made">
          <output>{link}</output>
          <Group>
            {"share" in navigator && (
              <Button leftSection={<IconShare aria-hidden />} onClick={send}>
                {t("pass-link-send")}
              </Button>
            )}
            <Button
              variant="default"
              leftSection={clipboard.copied ? <IconCheck aria-hidden /> : <IconCopy aria-hidden />}
              onClick={copy}
            >
              {clipboard.copied ? t("pass-link-copied") : t("pass-link-copy")}
            </Button>
          </Group>
          {(copyFails || clipboard.error) && <Said tone="warning">{t("pass-link-copy-yourself")}</Said>}
          <p className="quiet" style={{ margin: 0 }}>
            {t("pass-link-qr-about")}
          </p>
          <Suspense fallback={<div className="qr qr-coming" />}>
            <Qr text={link} label={t("pass-link-qr")} />
          </Suspense>
        </div>
      ) : (
        <div className="form">
          <p style={{ margin: 0 }}>{pass.is_shared ? t("pass-share-again") : t("pass-share-about")}</p>
          <Switch
            label={t("pass-shows-house")}
            checked={showsHouse}
            onChange={(event) => setShowsHouse(event.currentTarget.checked)}
          />
          <Failed error={error} />
          <Button leftSection={<IconShare aria-hidden />} loading={busy} onClick={make}>
            {t("pass-link-make")}
          </Button>
        </div>
      )}
      {pass.is_shared && (
        <Group mt="md">
          <Ask
            quiet
            button={t("pass-link-withdraw")}
            title={t("pass-link-withdraw-title")}
            consequences={<p>{t("pass-link-withdraw-about")}</p>}
            confirm={t("pass-link-withdraw")}
            act={withdraw}
          />
        </Group>
      )}
    </Panel>
  );
}
