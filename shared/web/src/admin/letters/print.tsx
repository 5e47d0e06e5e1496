/** Letters with new codes, as a PDF that lies in this page until it is left. */
import { IconDownload } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { cloud } from "~/api/client";
import { useTexts } from "~/texts/texts";
import { Said } from "~/ui/states";

export type Printing = { url: string; file: string };

/** What was printed last. It is full of codes: it goes as the next one comes, and with the page. */
export function usePrinting() {
  const state = useState<Printing>();
  const url = state[0]?.url;
  useEffect(
    () => () => {
      if (url) URL.revokeObjectURL(url);
    },
    [url],
  );
  return state;
}

/** Makes the letter of a house, or those of all. The codes that were end as it begins. */
export async function print(
  community: string,
  house?: { id: string; label: string },
  language?: string,
  signal?: AbortSignal,
): Promise<Printing> {
  const { data, error } = await cloud.POST("/api/v1/communities/{community}/letters", {
    params: { path: { community } },
    body: { ends_codes: true, house: house?.id, language },
    parseAs: "blob",
    signal,
  });
  if (error) throw error;
  const file = house ? `letter-${house.label.replaceAll(/[^\p{L}\d-]+/gu, "_")}.pdf` : "letters.pdf";
  return { url: URL.createObjectURL(data as unknown as Blob), file };
}

export function Printed({ printing: { url, file } }: { printing: Printing }) {
  const t = useTexts();
  return (
    <Said
      action={
        <a href={url} download={file} className="act">
          <IconDownload aria-hidden size={20} />
          {t("letters-download")}
        </a>
      }
    >
      {t("letters-ready")}
    </Said>
  );
}
