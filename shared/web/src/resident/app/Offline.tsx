/** Says that nothing answers, and from when what is shown is. */
import { useQueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { useTexts } from "~/texts/texts";
import { useTimes } from "~/ui/times";

export function Offline() {
  const t = useTexts();
  const { moment } = useTimes();
  const cache = useQueryClient().getQueryCache();
  // The oldest of what the page shows.
  const since = useSyncExternalStore(
    (listener) => cache.subscribe(listener),
    () =>
      Math.min(
        ...cache
          .findAll({ type: "active" })
          .map(({ state }) => state.dataUpdatedAt)
          .filter((at) => at > 0),
      ),
  );
  return (
    <div className="offline" role="status">
      <strong>{t("app-offline")}</strong>{" "}
      {Number.isFinite(since) && <span>{t("app-offline-since", { at: moment(since) })}</span>}
    </div>
  );
}
