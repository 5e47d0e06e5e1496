/** Who and what is not let in, whatever else they have. */
import { Button, Radio, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { problemOf, wrongWith } from "~/api/answers";
import { api, type Doc } from "~/api/client";
import { useOnce } from "~/api/once";
import { useCommunity } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Ask } from "~/ui/Ask";
import { isMoment, LAST_MOMENT } from "~/ui/days";
import { Page, Panel, Row, Rows } from "~/ui/Page";
import { Plate } from "~/ui/Plate";
import { Empty, Failed, Loaded } from "~/ui/states";
import { useTimes } from "~/ui/times";
import { Export } from "../exports/Export";
import { ChoosePerson } from "../people/ChoosePerson";

const BANS = { queryKey: ["get", "/api/v1/communities/{community}/bans"] };

export function Bans() {
  const t = useTexts();
  const params = { path: { community: useCommunity() } };
  const bans = api.useQuery("get", "/api/v1/communities/{community}/bans", { params });
  return (
    <Page title={t("ban-title")} wide actions={<Export what="bans.csv">{t("export-csv")}</Export>}>
      <Panel title={t("ban-list")}>
        <Loaded query={bans}>
          {({ bans }) =>
            bans.length ? (
              <Rows>
                {bans.map((ban) => (
                  <Ban key={ban.id} ban={ban} />
                ))}
              </Rows>
            ) : (
              <Empty>{t("ban-none")}</Empty>
            )
          }
        </Loaded>
      </Panel>
      <Panel title={t("ban-new")}>
        <New />
      </Panel>
    </Page>
  );
}

function Ban({ ban }: { ban: Doc<"Ban"> }) {
  const t = useTexts();
  const { moment } = useTimes();
  return (
    <Row
      lead={ban.plate_shown ? <Plate shown={ban.plate_shown} /> : undefined}
      detail={
        <>
          {ban.by_name
            ? t("ban-by", { name: ban.by_name, at: moment(ban.at_ms) })
            : t("ban-at", { at: moment(ban.at_ms) })}
          {" · "}
          {!ban.until_ms
            ? t("ban-for-good")
            : ban.is_over
              ? t("ban-over", { at: moment(ban.until_ms) })
              : t("ban-until", { at: moment(ban.until_ms) })}
        </>
      }
      actions={<Lift ban={ban} />}
    >
      {ban.person_name && <b>{ban.person_name}: </b>}
      {ban.reason}
    </Row>
  );
}

function Lift({ ban }: { ban: Doc<"Ban"> }) {
  const t = useTexts();
  const community = useCommunity();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const lift = api.useMutation("delete", "/api/v1/communities/{community}/bans/{ban}", {
    onSuccess: () => queries.invalidateQueries(BANS),
  });
  return (
    <Ask
      quiet
      button={t("ban-lift")}
      title={t("ban-lift-title", { whom: ban.plate_shown || ban.person_name })}
      consequences={
        <Stack>
          <p>{t("ban-lift-means")}</p>
          <TextInput
            label={t("ban-lift-reason")}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            error={wrongWith(lift.error, "reason")}
          />
        </Stack>
      }
      confirm={t("ban-lift-confirm")}
      act={() =>
        lift.mutateAsync({
          params: {
            path: { community, ban: ban.id },
            query: reason.trim() ? { reason: reason.trim() } : {},
          },
        })
      }
    />
  );
}

type Form = { whom: "plate" | "person"; plate: string; person?: string; reason: string; until: string };
const EMPTY: Form = { whom: "plate", plate: "", reason: "", until: "" };

function New() {
  const t = useTexts();
  const { instant } = useTimes();
  const community = useCommunity();
  const queries = useQueryClient();
  const once = useOnce();
  const [form, setForm] = useState(EMPTY);
  const change = (changed: Partial<Form>) => setForm({ ...form, ...changed });
  const ban = api.useMutation("post", "/api/v1/communities/{community}/bans", {
    onSuccess() {
      once.done();
      setForm({ ...EMPTY, whom: form.whom });
      queries.invalidateQueries(BANS);
    },
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    const body = {
      ...(form.whom === "plate" ? { plate: form.plate } : { person: form.person ?? null }),
      reason: form.reason,
      until_ms: isMoment(form.until) ? instant(form.until) : null,
    };
    ban.mutate({ params: { path: { community } }, headers: once(body), body });
  };
  const wrong = (field: string) => wrongWith(ban.error, field);
  const isSaidAtField = ["plate", "person", "reason", "until_ms"].includes(problemOf(ban.error)?.field ?? "");
  return (
    <form onSubmit={send}>
      <Stack align="flex-start">
        <p className="quiet">{t("ban-means")}</p>
        <Radio.Group
          label={t("ban-whom")}
          value={form.whom}
          onChange={(whom) => change({ whom: whom as Form["whom"] })}
        >
          <Stack gap="xs" mt="xs">
            <Radio size="md" value="plate" label={t("ban-plate")} />
            <Radio size="md" value="person" label={t("ban-person")} />
          </Stack>
        </Radio.Group>
        <SimpleGrid cols={{ base: 1, sm: 3 }} w="100%">
          {form.whom === "plate" ? (
            <TextInput
              label={t("ban-plate-label")}
              value={form.plate}
              onChange={(event) => change({ plate: event.currentTarget.value })}
              autoCapitalize="characters"
              autoComplete="off"
              error={wrong("plate") ?? wrong("person")}
              required
            />
          ) : (
            <ChoosePerson
              label={t("ban-person-label")}
              value={form.person}
              onChange={(person) => change({ person })}
              error={wrong("person")}
            />
          )}
          <TextInput
            label={t("ban-reason")}
            value={form.reason}
            onChange={(event) => change({ reason: event.currentTarget.value })}
            error={wrong("reason")}
            required
          />
          <TextInput
            label={t("ban-until-label")}
            type="datetime-local"
            max={LAST_MOMENT}
            value={form.until}
            onChange={(event) => change({ until: event.currentTarget.value })}
            error={wrong("until_ms")}
          />
        </SimpleGrid>
        {!isSaidAtField && <Failed error={ban.error} />}
        <Button type="submit" loading={ban.isPending} disabled={form.whom === "person" && !form.person}>
          {t("ban-do")}
        </Button>
      </Stack>
    </form>
  );
}
