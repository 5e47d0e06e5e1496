/** A screen that the hub does not know yet: how it gets to. */
import { useTexts } from "~/texts/texts";

export function Unpaired() {
  const t = useTexts();
  return (
    <main className="plain">
      <h1>{t("unpaired-title")}</h1>
      <ol>
        <li>
          {t("unpaired-ask")} <code>dwellers-hub screen pair «{t("unpaired-name")}»</code>
        </li>
        <li>{t("unpaired-open")}</li>
        <li>{t("unpaired-once")}</li>
      </ol>
      <p className="quiet">{t("unpaired-again")}</p>
    </main>
  );
}
