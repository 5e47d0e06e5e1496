/** The next version. Everybody is asked again, so it is shown once more before it goes out. */
import { Button, Modal, Stack, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { problemOf, wrongWith } from "~/api/answers";
import { api, type Doc } from "~/api/client";
import { useCommunity } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Failed, Said } from "~/ui/states";
import { useTimes } from "~/ui/times";
import { Both } from "./Versions";

export function Publish({ current }: { current: Doc<"ConsentVersion"> | undefined }) {
  const t = useTexts();
  const { moment } = useTimes();
  const community = useCommunity();
  const queries = useQueryClient();
  const [ru, setRu] = useState(current?.ru ?? "");
  const [en, setEn] = useState(current?.en ?? "");
  // The version that this draft is to follow, and the one that was published meanwhile.
  const [seen, setSeen] = useState(current);
  const isSame = current?.ru === ru.trim() && current.en === en.trim();
  const isUntouched = (seen?.ru ?? "") === ru && (seen?.en ?? "") === en;
  if (seen?.number !== current?.number && (isSame || isUntouched)) {
    setSeen(current);
    if (!isSame) {
      setRu(current?.ru ?? "");
      setEn(current?.en ?? "");
    }
  }
  const newer = seen?.number === current?.number ? undefined : current;
  const [isShown, show] = useState(false);
  const publish = api.useMutation("post", "/api/v1/communities/{community}/consents/texts", {
    onSuccess: () => {
      show(false);
      queries.invalidateQueries({ queryKey: ["get", "/api/v1/communities/{community}/consents/texts"] });
      queries.invalidateQueries({ queryKey: ["get", "/api/v1/communities/{community}/consent"] });
    },
  });
  const isAtField = ["ru", "en"].includes(problemOf(publish.error)?.field ?? "");
  const preview = (event: FormEvent) => {
    event.preventDefault();
    publish.reset();
    show(true);
  };
  const send = () =>
    publish.mutate(
      {
        params: { path: { community } },
        body: { after: seen?.number ?? 0, ru: ru.trim(), en: en.trim() },
      },
      {
        onError(error) {
          // What is wrong with a text is said beside it; and another may have published meanwhile.
          show(!["ru", "en"].includes(problemOf(error)?.field ?? ""));
          queries.invalidateQueries({ queryKey: ["get", "/api/v1/communities/{community}/consents/texts"] });
        },
      },
    );
  return (
    <form onSubmit={preview}>
      <Stack align="flex-start">
        <p className="quiet">{t("consent-next-means")}</p>
        <Textarea
          w="100%"
          lang="ru"
          label={t("consent-in-ru")}
          value={ru}
          onChange={(event) => setRu(event.currentTarget.value)}
          minRows={6}
          maxRows={24}
          error={wrongWith(publish.error, "ru")}
          required
        />
        <Textarea
          w="100%"
          lang="en"
          label={t("consent-in-en")}
          value={en}
          onChange={(event) => setEn(event.currentTarget.value)}
          minRows={6}
          maxRows={24}
          error={wrongWith(publish.error, "en")}
          required
        />
        {newer && (
          <>
            <Said
              tone="warning"
              action={<Button onClick={() => setSeen(newer)}>{t("consent-newer-seen")}</Button>}
            >
              {t("consent-newer", {
                number: newer.number,
                at: moment(newer.published_ms),
                name: newer.by_name,
              })}
            </Said>
            <Both ru={newer.ru} en={newer.en} />
          </>
        )}
        <Button type="submit" disabled={isSame || !!newer}>
          {t("consent-look")}
        </Button>
        {isSame && <p className="quiet">{t("consent-same")}</p>}
      </Stack>
      <Modal
        opened={isShown}
        onClose={() => show(false)}
        title={t("consent-publish-title", { number: (seen?.number ?? 0) + 1 })}
        size="xl"
        closeButtonProps={{ "aria-label": t("close") }}
      >
        <Said tone="warning">{current ? t("consent-publish-means") : t("consent-publish-first")}</Said>
        <Both ru={ru} en={en} />
        {!isAtField && <Failed error={publish.error} />}
        <div className="consent-actions">
          <Button variant="default" onClick={() => show(false)}>
            {t("cancel")}
          </Button>
          <Button onClick={send} loading={publish.isPending} disabled={!!newer}>
            {t("consent-publish")}
          </Button>
        </div>
      </Modal>
    </form>
  );
}
