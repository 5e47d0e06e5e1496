/** What a page shows when there is nothing to show: empty, on its way, failed, away. */
import { Button, Loader } from "@mantine/core";
import type { ReactNode } from "react";
import { Away, problemOf } from "~/api/answers";
import { useTexts } from "~/texts/texts";

export type Tone = "calm" | "warning" | "wrong";

/** Something said to the person, aloud too. */
export function Said({
  tone = "calm",
  action,
  children,
}: {
  tone?: Tone;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className="said" data-tone={tone} role={tone === "wrong" ? "alert" : "status"}>
      <div>{children}</div>
      {action}
    </div>
  );
}

/** Nothing there, and what to do about it. */
export function Empty({ children }: { children: ReactNode }) {
  return <p className="quiet">{children}</p>;
}

export function Loading() {
  const t = useTexts();
  return (
    <div role="status" className="loading">
      <Loader aria-hidden />
      <span className="unseen">{t("loading")}</span>
    </div>
  );
}

/** What went wrong, in words; nothing where nothing did. */
export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const t = useTexts();
  if (!error) return null;
  const again = retry && (
    <Button variant="default" onClick={retry}>
      {t("try-again")}
    </Button>
  );
  return (
    <Said tone="wrong" action={again}>
      {problemOf(error)?.detail ?? t("no-answer")}
    </Said>
  );
}

/** What a query brought, and until then what there is to say. What was known before stays while nothing answers. */
export function Loaded<T>({
  query,
  children,
}: {
  query: { data: T | undefined; error: unknown; refetch: () => unknown; fetchStatus?: string };
  children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  // Without a network what failed waits for one.
  const error = query.error ?? (query.fetchStatus === "paused" && new Away());
  if (error) return <Failed error={error} retry={() => query.refetch()} />;
  return <Loading />;
}
