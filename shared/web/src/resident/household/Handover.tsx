/** A link to sign in by, for somebody else: sent on, copied, or shown as a code to be photographed. It is shown once. */
import { Button, TextInput } from "@mantine/core";
import { IconQrcode, IconShare } from "@tabler/icons-react";
import { Suspense, useState } from "react";
import type { Doc } from "~/api/client";
import { useTexts } from "~/texts/texts";
import { Copy } from "~/ui/Copy";
import { Dialog } from "~/ui/Dialog";
import { late } from "~/ui/late";
import { Loading } from "~/ui/states";
import { useTimes } from "~/ui/times";

const Qr = late(() => import("~/ui/Qr"));

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
  const [asQr, setAsQr] = useState(false);
  // Who closes the sheet of the phone has thought better of it.
  const share = () => navigator.share({ url, text: t("household-link-words") }).catch(() => undefined);
  return (
    <div className="form">
      <p>{t("household-link-how", { until: moment(link.until_ms) })}</p>
      <TextInput
        label={t("household-link")}
        readOnly
        value={url}
        onFocus={(event) => event.currentTarget.select()}
      />
      {"share" in navigator && (
        <Button leftSection={<IconShare aria-hidden />} onClick={share}>
          {t("household-share")}
        </Button>
      )}
      <Copy text={url} />
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
