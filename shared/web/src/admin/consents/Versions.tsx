/** The text that holds, and those that held before. */
import type { Doc } from "~/api/client";
import { useSpeech, useTexts } from "~/texts/texts";
import { Panel } from "~/ui/Page";
import { Said } from "~/ui/states";
import { useTimes } from "~/ui/times";

export function Versions({ versions }: { versions: Doc<"ConsentVersion">[] }) {
  const t = useTexts();
  const { moment } = useTimes();
  const [current, ...before] = versions;
  if (!current) return <Said tone="warning">{t("consent-none")}</Said>;
  return (
    <Panel title={t("consent-current", { number: current.number })}>
      <p className="quiet">
        {t("consent-since", { at: moment(current.published_ms), name: current.by_name })}
      </p>
      <Both ru={current.ru} en={current.en} />
      {before.length > 0 && <h3>{t("consent-before")}</h3>}
      {before.map((version) => (
        <details key={version.id}>
          <summary>
            {t("consent-version", { number: version.number, at: moment(version.published_ms) })}
          </summary>
          <Both ru={version.ru} en={version.en} />
        </details>
      ))}
    </Panel>
  );
}

/** A text as people see it, in both languages. */
export function Both({ ru, en }: { ru: string; en: string }) {
  const { t } = useSpeech();
  return (
    <div className="both">
      {[
        { language: "ru", text: ru },
        { language: "en", text: en },
      ].map(({ language, text }) => (
        <div key={language} lang={language}>
          <p className="quiet small">{t(`language-${language}`)}</p>
          <div className="consent-text">{text}</div>
        </div>
      ))}
    </div>
  );
}
