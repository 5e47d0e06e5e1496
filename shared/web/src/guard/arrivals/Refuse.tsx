/** Why somebody is sent away: a usual reason in one tap, or own words. */
import { IconArrowLeft, IconBan, IconPencil } from "@tabler/icons-react";
import { useState } from "react";
import { useTexts } from "~/texts/texts";
import { Failed } from "~/ui/states";
import { Field, Keys } from "../keys/Keys";
import { type Deed, Press, Tap } from "../post/Press";

const USUAL = ["nobody-waits", "house-refused", "no-answer", "wrong-address", "left", "no-reason"] as const;

export function Refuse({
  deed,
  back,
  refuse,
}: {
  deed: Deed;
  back: () => void;
  refuse: (reason: string) => Promise<unknown>;
}) {
  const t = useTexts();
  const [own, setOwn] = useState<string>();
  return (
    <section className="sheet">
      <div className="sheet-head">
        <Tap icon={<IconArrowLeft />} onTap={own === undefined ? back : () => setOwn(undefined)}>
          {t("back")}
        </Tap>
        <h2>{t("refuse-why")}</h2>
      </div>
      <Failed error={deed.error} />
      {own === undefined ? (
        <div className="choices">
          {USUAL.map((reason) => (
            <Press
              key={reason}
              deed={deed}
              name={reason}
              kind="refuse"
              act={() => refuse(reason === "no-reason" ? "" : t(`refuse-${reason}`))}
            >
              {t(`refuse-${reason}`)}
            </Press>
          ))}
          <Tap icon={<IconPencil />} onTap={() => setOwn("")}>
            {t("refuse-own")}
          </Tap>
        </div>
      ) : (
        <>
          <div className="field-row">
            <Field label={t("refuse-words")} value={own} onChange={setOwn} chosen />
            <Press
              deed={deed}
              name="own"
              kind="refuse"
              icon={<IconBan />}
              disabled={!own.trim()}
              act={() => refuse(own)}
            >
              {t("waiting-refuse")}
            </Press>
          </div>
          <Keys layout="words" value={own} onChange={setOwn} />
        </>
      )}
    </section>
  );
}
