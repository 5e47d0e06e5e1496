/** Puts a text into the clipboard, and says what came of it. */
import { Button } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useState } from "react";
import { useTexts } from "~/texts/texts";
import { Said } from "./states";

export function Copy({ text }: { text: string }) {
  const t = useTexts();
  const [copied, setCopied] = useState<boolean>();
  const copy = async () => {
    try {
      // Over plain HTTP browsers have no such place, and some ask the person first.
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      setCopied(false);
    }
  };
  return (
    <>
      <Button
        variant="default"
        leftSection={copied ? <IconCheck aria-hidden /> : <IconCopy aria-hidden />}
        onClick={copy}
      >
        {t("text-copy")}
      </Button>
      {copied && <Said>{t("text-copied")}</Said>}
      {copied === false && <Said tone="warning">{t("text-copy-yourself")}</Said>}
    </>
  );
}
