/** Everything of one kind as a table for a spreadsheet, and how much of it has come. */
import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Away } from "~/api/answers";
import { cloud } from "~/api/client";
import { useCommunity } from "~/session/session";
import { useSpeech } from "~/texts/texts";
import { Failed } from "~/ui/states";

/** A button that fetches `what` (as the description of `exports.download` calls it) and stops when it is pressed again. */
export function Export({ what, children }: { what: string; children: ReactNode }) {
  const { t, language } = useSpeech();
  const community = useCommunity();
  const [bytes, setBytes] = useState<number>();
  const [error, setError] = useState<unknown>();
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  const fetch = async () => {
    const controller = new AbortController();
    const { signal } = controller;
    running.current = controller;
    setError(undefined);
    setBytes(0);
    try {
      save(await table(community, what, signal, setBytes), what);
    } catch (problem) {
      if (!signal.aborted) setError(problem);
    } finally {
      setBytes(undefined);
    }
  };
  const size = new Intl.NumberFormat(language, { maximumFractionDigits: 0 }).format((bytes ?? 0) / 1000);
  return (
    <>
      {bytes === undefined ? (
        <Button variant="default" leftSection={<IconDownload aria-hidden />} onClick={fetch}>
          {children}
        </Button>
      ) : (
        <Button variant="default" onClick={() => running.current?.abort()}>
          {t("export-stop", { size })}
        </Button>
      )}
      <span className="unseen" role="status">
        {bytes === undefined ? "" : t("export-goes")}
      </span>
      <Failed error={error} retry={fetch} />
    </>
  );
}

/** The whole table. One that breaks off is none. */
async function table(
  community: string,
  what: string,
  signal: AbortSignal,
  came: (bytes: number) => void,
): Promise<Blob> {
  const { data, error } = await cloud.GET("/api/v1/communities/{community}/exports/{what}", {
    params: { path: { community, what } },
    parseAs: "stream",
    signal,
  });
  if (error) throw error;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  const reader = (data as ReadableStream<Uint8Array<ArrayBuffer>>).getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      parts.push(part.value);
      bytes += part.value.length;
      came(bytes);
    }
  } catch {
    throw new Away();
  }
  return new Blob(parts, { type: "text/csv" });
}

function save(file: Blob, name: string) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // Some browsers begin to read it only later.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
