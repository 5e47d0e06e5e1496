/** A link to sign in by, for somebody else: sent on, copied, or shown as a code to be photographed. It is shown once. */
import { Button, TextInput } from "@mantine/core";
import { IconCopy, IconQrcode, IconShare } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import type { Doc } from "~/api/client";
import { useTexts } from "~/texts/texts";
import { Dialog } from "~/ui/Dialog";
import { Loading, Said } from "~/ui/states";
import { useTimes } from "~/ui/times";

const Qr = lazy(() => import("~/ui/Qr"));

export function Handover({
  name,
  link,
  close,
}: {
  name: string;
  link?: Doc<"SignInLink"> | null;
  close: () => void;
}) {
  const t = useTexts();
  return (
    <Dialog opened={Boolean(link)} onClose={close} title={t("household-link-of", { name })}>
      {link && <Link link={link} />}
    </Dialog>
  );
}

function Link({ link }: { link: Doc<"SignInLink"> }) {
  const t = useTexts();
  const { moment } = useTimes();
  const url = `${window.location.origin}/join/${link.token}`;
  const [copied, setCopied] = useState(false);
  const [asQr, setAsQr] = useState(false);
  // Who closes the sheet of the phone has thought better of it.
  const share = () => navigator.share({ url, text: t("household-link-words") }).catch(() => undefined);
  const copy = async () => {
    await navigator.clipboard.writeText(url);
    setCopied(true);
  };
  return (
    <div className="form">
      <p>{t("household-link-how", { until: moment(link.until_ms) })}</p>
      <TextInput
        label={t("household-link")}
        readOnly
        value={url}
        onFocus={(event) => event.currentTarget.select()}
      />
      {copied && <Said>{t("household-copied")}</Said>}
      {"share" in navigator && (
        <Button leftSection={<IconShare aria-hidden />} onClick={share}>
          {t("household-share")}
        </Button>
      )}
      {/* Over plain HTTP browsers have no such place: then it is copied by hand. */}
      {navigator.clipboard && (
        <Button variant="default" leftSection={<IconCopy aria-hidden />} onClick={copy}>
          {t("household-copy")}
        </Button>
      )}
      {asQr ? (
        <Suspense fallback={<Loading />}>
          <Qr text={url} label={t("household-qr")} />
        </Suspense>
      ) : (
        <Button variant="default" leftSection={<IconQrcode aria-hidden />} onClick={() => setAsQr(true)}>
          {t("household-show-qr")}
        </Button>
      )}
    </div>
  );
}
