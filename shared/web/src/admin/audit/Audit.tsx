/** What those in office did and looked at: whoever looks after others is looked after as well. */
import { Button, NativeSelect, SimpleGrid, TextInput } from "@mantine/core";
import { IconEye, IconPencil } from "@tabler/icons-react";
import { useState } from "react";
import { api, type Doc } from "~/api/client";
import { useCommunity } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { LAST_MOMENT } from "~/ui/days";
import { Page, Panel, Row, Rows } from "~/ui/Page";
import { BY_CURSOR, Pages } from "~/ui/Pages";
import { Empty } from "~/ui/states";
import { useTimes } from "~/ui/times";
import { Export } from "../exports/Export";
import { ChooseHouse } from "../houses/ChooseHouse";
import { moment } from "../journal/filters";
import { Link } from "../links";
import { ChoosePerson } from "../people/ChoosePerson";

type Filters = {
  by?: string;
  person?: string;
  house?: string;
  action?: string;
  looked?: boolean;
  from?: string;
  until?: string;
};

export function Audit() {
  const t = useTexts();
  const { instant } = useTimes();
  const community = useCommunity();
  const [filters, setFilters] = useState<Filters>({});
  const look = (changed: Partial<Filters>) => setFilters({ ...filters, ...changed });
  const { by, person, house, action, looked, from, until } = filters;
  const query = {
    ...(by && { by }),
    ...(person && { person }),
    ...(house && { house }),
    ...(action && { action }),
    ...(looked !== undefined && { looked }),
    ...(moment(from) && { from_ms: instant(from ?? "") }),
    ...(moment(until) && { until_ms: instant(until ?? "") }),
  };
  const deeds = api.useInfiniteQuery(
    "get",
    "/api/v1/communities/{community}/audit",
    { params: { path: { community }, query } },
    BY_CURSOR,
  );
  const actions = useActions(deeds.data?.pages.flatMap((page) => page.deeds) ?? []);
  return (
    <Page title={t("audit-title")} wide actions={<Export what="audit.csv">{t("export-csv")}</Export>}>
      <Panel>
        <search aria-label={t("audit-search")}>
          <SimpleGrid cols={{ base: 1, xs: 2, lg: 4 }} spacing="sm">
            <NativeSelect
              label={t("audit-looked")}
              value={looked === undefined ? "" : String(looked)}
              onChange={({ currentTarget: { value } }) =>
                look({ looked: value ? value === "true" : undefined })
              }
              data={[
                { value: "", label: t("audit-looked-any") },
                { value: "false", label: t("audit-looked-no") },
                { value: "true", label: t("audit-looked-only") },
              ]}
            />
            <NativeSelect
              label={t("audit-action")}
              value={action ?? ""}
              onChange={({ currentTarget: { value } }) => look({ action: value || undefined })}
              data={[
                { value: "", label: t("audit-action-any") },
                ...actions.map(([value, label]) => ({ value, label })),
              ]}
            />
            <ChoosePerson label={t("audit-by")} value={by} onChange={(by) => look({ by })} />
            <ChoosePerson label={t("audit-person")} value={person} onChange={(person) => look({ person })} />
            <ChooseHouse label={t("audit-house")} value={house} onChange={(house) => look({ house })} />
            <TextInput
              label={t("audit-from")}
              type="datetime-local"
              max={LAST_MOMENT}
              value={from ?? ""}
              error={from && !moment(from) && t("no-date")}
              onChange={({ currentTarget: { value } }) => look({ from: value || undefined })}
            />
            <TextInput
              label={t("audit-until")}
              type="datetime-local"
              max={LAST_MOMENT}
              value={until ?? ""}
              error={until && !moment(until) && t("no-date")}
              onChange={({ currentTarget: { value } }) => look({ until: value || undefined })}
            />
            {Object.keys(query).length > 0 && (
              <Button variant="default" onClick={() => setFilters({})} style={{ alignSelf: "end" }}>
                {t("audit-all")}
              </Button>
            )}
          </SimpleGrid>
        </search>
      </Panel>
      <Panel>
        <Pages query={deeds} items={(page) => page.deeds} empty={<Empty>{t("audit-none")}</Empty>}>
          {(deeds) => (
            <Rows>
              {deeds.map((deed) => (
                <Deed key={deed.id} deed={deed} />
              ))}
            </Rows>
          )}
        </Pages>
      </Panel>
    </Page>
  );
}

/** What can be looked for: the kinds of deeds that were seen on this page so far, by their words. */
function useActions(deeds: Doc<"Deed">[]): [string, string][] {
  const [known, know] = useState<Record<string, string>>({});
  const fresh = deeds.filter((deed) => known[deed.action] !== deed.text);
  if (fresh.length) know({ ...known, ...Object.fromEntries(fresh.map((deed) => [deed.action, deed.text])) });
  return Object.entries(known).sort(([, one], [, other]) => one.localeCompare(other));
}

function Deed({ deed }: { deed: Doc<"Deed"> }) {
  const t = useTexts();
  const { moment } = useTimes();
  return (
    <Row
      lead={deed.looked ? <IconEye aria-hidden size={20} /> : <IconPencil aria-hidden size={20} />}
      detail={
        <>
          {deed.by_name || t("audit-erased")} · {moment(deed.at_ms)}
          {deed.looked && ` · ${t("audit-only-looked")}`}
        </>
      }
    >
      {deed.text}
      {deed.person && (
        <>
          {": "}
          <Link to="/people/$person" params={{ person: deed.person }}>
            {deed.person_name || t("audit-erased")}
          </Link>
        </>
      )}
      {deed.house && (
        <>
          {deed.person ? ", " : ": "}
          <Link to="/houses/$house" params={{ house: deed.house }}>
            {t("audit-of-house", { label: deed.house_label || "—" })}
          </Link>
        </>
      )}
      {deed.everybody && `: ${t("audit-everybody")}`}
    </Row>
  );
}
