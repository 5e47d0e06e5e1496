/** How long somebody has waited, minutes and seconds; `says`: in sight, that it is that. */
import { useTexts } from "~/texts/texts";
import { useNow } from "./live";

export function Since({ ms, says = false }: { ms: number; says?: boolean }) {
  const t = useTexts();
  return (
    <span className="since">
      <span className={says ? "quiet" : "unseen"}>{t("arrivals-since")} </span>
      {minutes(useNow() - ms)}
    </span>
  );
}

/** 1:05 */
export function minutes(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
