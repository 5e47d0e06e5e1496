/** How many days what is kept. Keeping less destroys, so it is asked about once, with what it means. */
import { Button, List, Modal, NumberInput, SimpleGrid, Stack } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { problemOf, wrongWith } from "~/api/answers";
import { api, cloud, type Doc } from "~/api/client";
import { type Tagged, tagged } from "~/api/tagged";
import { useCommunity } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Failed, Loaded, Said } from "~/ui/states";
import { useTimes } from "~/ui/times";
import { isStale, useDraft } from "./edited";

const PATH = "/api/v1/communities/{community}/retention";

type Days = Doc<"RetentionDays">;
const KINDS = [
  "pictures_days",
  "journal_days",
  "applications_days",
  "questions_days",
  "alarms_days",
  "audit_days",
] as const satisfies (keyof Days)[];

export function Retention() {
  const params = { path: { community: useCommunity() } };
  const retention = useQuery({
    queryKey: ["get", PATH, { params }, "edited"],
    queryFn: async () => tagged(await cloud.GET(PATH, { params, cache: "no-store" })),
  });
  return <Loaded query={retention}>{({ document, tag }) => <Form document={document} tag={tag} />}</Loaded>;
}

function Form({ document, tag }: Tagged<Doc<"Retention">>) {
  const t = useTexts();
  const { moment } = useTimes();
  const community = useCommunity();
  const queries = useQueryClient();
  const [asks, ask] = useState(false);
  const { value, change, clear, isChanged } = useDraft<Days>(document.days);
  const shorter = KINDS.filter((kind) => value[kind] < document.days[kind]);
  const set = api.useMutation("put", PATH, {
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["get", PATH] });
      clear();
    },
    onError: (error) => isStale(error) && queries.invalidateQueries({ queryKey: ["get", PATH] }),
    onSettled: () => ask(false),
  });
  const send = () =>
    set.mutate({ params: { path: { community }, header: { "If-Match": tag } }, body: value });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (shorter.length) ask(true);
    else send();
  };
  return (
    <form onSubmit={submit}>
      <Stack align="flex-start">
        <p className="quiet">{t("settings-retention-means")}</p>
        {document.shortens_ms && (
          <Said tone="warning">{t("settings-shortens", { at: moment(document.shortens_ms) })}</Said>
        )}
        <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} w="100%">
          {KINDS.map((kind) => (
            <NumberInput
              key={kind}
              label={t(`settings-keep-${kind}`)}
              description={t(`settings-keep-${kind}.bounds`)}
              value={value[kind]}
              onChange={(days) => change({ [kind]: Number(days) })}
              min={0}
              allowDecimal={false}
              error={wrongWith(set.error, kind)}
              hideControls
              required
            />
          ))}
        </SimpleGrid>
        {isStale(set.error) ? (
          <Said tone="warning">{t("settings-stale")}</Said>
        ) : (
          !problemOf(set.error)?.field && <Failed error={set.error} />
        )}
        {set.isSuccess && !isChanged && <Said>{t("settings-saved")}</Said>}
        <Button type="submit" loading={set.isPending} disabled={!isChanged}>
          {t("save")}
        </Button>
      </Stack>
      <Modal
        opened={asks}
        onClose={() => ask(false)}
        title={t("settings-shorten-title")}
        closeButtonProps={{ "aria-label": t("close") }}
      >
        <List>
          {shorter.map((kind) => (
            <List.Item key={kind}>
              {t("settings-shorten-from", {
                what: t(`settings-keep-${kind}`),
                from: document.days[kind],
                to: value[kind],
              })}
            </List.Item>
          ))}
        </List>
        <p>{t("settings-shorten-means")}</p>
        <div className="settings-actions">
          <Button variant="default" onClick={() => ask(false)}>
            {t("cancel")}
          </Button>
          <Button color="red.9" autoContrast onClick={send} loading={set.isPending}>
            {t("settings-shorten")}
          </Button>
        </div>
      </Modal>
    </form>
  );
}
