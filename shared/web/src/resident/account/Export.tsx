/** All that is known of me here, as a file. */
import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { cloud } from "~/api/client";
import { useHere } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Panel } from "~/ui/Page";
import { Failed, Said } from "~/ui/states";
import { useTimes } from "~/ui/times";
import { Sub } from "./Sub";

export function Export() {
  const t = useTexts();
  const { date } = useTimes();
  const here = useHere();
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(false);
  const [error, setError] = useState<unknown>();
  const save = async () => {
    setBusy(true);
    setDone(false);
    setError(undefined);
    try {
      const { data, error } = await cloud.GET("/api/v1/communities/{community}/me/export", {
        params: { path: { community: here.community } },
      });
      if (error) throw error;
      const file = new Blob([JSON.stringify(data, null, 2)], { type: "application/json" });
      const link = document.createElement("a");
      link.href = URL.createObjectURL(file);
      link.download = `dwellers-${date(Date.now())}.json`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
      setDone(true);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Sub title={t("account-export")}>
      <Panel>
        <div className="form">
          <p>{t("account-export-what", { community: here.community_name })}</p>
          <p className="quiet">{t("account-export-care")}</p>
          <Failed error={error} />
          {busy && <Said>{t("account-export-goes-on")}</Said>}
          {done && <Said>{t("account-export-done")}</Said>}
          <Button leftSection={<IconDownload aria-hidden />} onClick={save} loading={busy}>
            {t("account-export-now")}
          </Button>
        </div>
      </Panel>
    </Sub>
  );
}
