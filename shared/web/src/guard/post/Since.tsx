/** How long somebody has waited, minutes and seconds. */
import { useTexts } from "~/texts/texts";
import { useNow } from "./live";

export function Since({ ms }: { ms: number }) {
  const t = useTexts();
  return (
    <span className="since">
      <span className="unseen">{t("arrivals-since")} </span>
      {minutes(useNow() - ms)}
    </span>
  );
}

/** 1:05 */
export function minutes(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
