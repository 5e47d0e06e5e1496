/** What a house was asked about somebody who waits: how long it may still think, what it said, whom to call. */
import { IconPhone, IconThumbDown, IconThumbUp } from "@tabler/icons-react";
import { type Doc, kiosk, told } from "~/api/kiosk";
import { useTexts } from "~/texts/texts";
import { Failed, Said } from "~/ui/states";
import { useNow } from "../post/live";
import { Press, useDeed } from "../post/Press";
import { minutes } from "../post/Since";

export function Question({
  waiting,
  open,
  refuse,
}: {
  waiting: Doc<"Arrived">;
  /** What is done on a word that comes when no answer counts any more; `note` is for the journal. */
  open: (note: string) => Promise<unknown>;
  refuse: (note: string) => Promise<unknown>;
}) {
  const t = useTexts();
  const deed = useDeed();
  const now = useNow();
  const { asked, allowed, question } = waiting;
  if (!asked || !question) return null;
  const house = asked.house_label;
  if (allowed !== null) {
    return (
      <Said tone={allowed ? "calm" : "wrong"}>
        {allowed ? t("question-yes", { house }) : t("question-no", { house })}
      </Said>
    );
  }
  const left = asked.until_ms - now;
  const answer = (allow: boolean) => () => {
    if (left > 0) {
      const params = { path: { question }, header: deed.once([question, allow]) };
      return told(kiosk.POST("/api/questions/{question}/answer", { params, body: { allow } }));
    }
    return allow ? open(t("question-note-yes", { house })) : refuse(t("question-note-no", { house }));
  };
  return (
    <section className="question" data-over={left <= 0 || undefined}>
      <div className="question-text">
        {left > 0 ? (
          <>
            <span className="question-left">{minutes(left)}</span> {t("question-waits", { house })}
          </>
        ) : (
          <strong role="status">{t("question-silent", { house })}</strong>
        )}
      </div>
      {asked.phones.length > 0 ? (
        <ul className="phones">
          {asked.phones.map(({ name, phone }) => (
            <li key={phone}>
              <IconPhone aria-hidden size={20} /> <b>{phoneShown(phone)}</b> {name}
            </li>
          ))}
        </ul>
      ) : (
        <p className="quiet">{t("question-no-phones")}</p>
      )}
      <div className="question-acts">
        <Press deed={deed} name="yes" icon={<IconThumbUp />} act={answer(true)}>
          {t("question-said-yes")}
        </Press>
        <Press deed={deed} name="no" icon={<IconThumbDown />} act={answer(false)}>
          {t("question-said-no")}
        </Press>
      </div>
      <Failed error={deed.error} />
    </section>
  );
}

/** A Russian number in the groups in which it is dialled. */
export function phoneShown(phone: string): string {
  return phone.replace(/^(\+7|8)(\d{3})(\d{3})(\d{2})(\d{2})$/, "$1 $2 $3-$4-$5");
}
