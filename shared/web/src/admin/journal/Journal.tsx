/** The book of the gates: who came, what was decided and why, with the picture; found by plate, house and time. */
import { Button, NativeSelect, SimpleGrid, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useEffect, useState } from "react";
import { api, type Doc } from "~/api/client";
import { useCommunity } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { LAST_MOMENT } from "~/ui/days";
import { Page, Panel } from "~/ui/Page";
import { BY_CURSOR, Pages } from "~/ui/Pages";
import { Empty } from "~/ui/states";
import { useTimes } from "~/ui/times";
import { Export } from "../exports/Export";
import { ChooseHouse } from "../houses/ChooseHouse";
import { Entry } from "./Entry";
import { type Filters, KINDS, type Kind, useFilters } from "./filters";
import "./journal.css";

const PAUSE_MS = 300;
const PAGE = 60;

export function Journal() {
  const t = useTexts();
  const [search, look] = useFilters();
  const isAll = Object.keys(search).length === 0;
  return (
    <Page title={t("journal-title")} wide actions={<Export what="journal.csv">{t("export-csv")}</Export>}>
      <Panel>
        <search aria-label={t("journal-search")}>
          <SimpleGrid cols={{ base: 1, xs: 2, md: 3, lg: 5 }} spacing="sm">
            <Plate plate={search.plate} onChange={(plate) => look({ ...search, plate })} />
            <ChooseHouse
              label={t("journal-house")}
              value={search.house}
              onChange={(house) => look({ ...search, house })}
            />
            <NativeSelect
              label={t("journal-kind")}
              value={search.kind ?? ""}
              onChange={(event) =>
                look({ ...search, kind: (event.currentTarget.value || undefined) as Kind })
              }
              data={[
                { value: "", label: t("journal-kind-any") },
                ...KINDS.map((kind) => ({ value: kind, label: t(`journal-kind-${kind}`) })),
              ]}
            />
            <Moment
              label={t("journal-from")}
              value={search.from}
              onChange={(from) => look({ ...search, from })}
            />
            <Moment
              label={t("journal-until")}
              value={search.until}
              onChange={(until) => look({ ...search, until })}
            />
          </SimpleGrid>
          <div className="journal-said">
            {isAll ? (
              <span className="quiet">{t("journal-live")}</span>
            ) : (
              <Button variant="default" onClick={() => look({})}>
                {t("journal-all")}
              </Button>
            )}
          </div>
        </search>
      </Panel>
      <Found filters={search} />
    </Page>
  );
}

/** What is typed is looked for after a pause, also while a page with that address is gone back to. */
function Plate({ plate, onChange }: { plate: string | undefined; onChange: (plate?: string) => void }) {
  const t = useTexts();
  const [typed, type] = useState(plate ?? "");
  const [search] = useDebouncedValue(typed.trim(), PAUSE_MS);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was typed is told once, when the pause is over.
  useEffect(() => {
    if (search !== (plate ?? "")) onChange(search || undefined);
  }, [search]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address has changed by something else than typing.
  useEffect(() => {
    if ((plate ?? "") !== search) type(plate ?? "");
  }, [plate]);
  return (
    <TextInput
      label={t("journal-plate")}
      placeholder={t("journal-plate-like")}
      type="search"
      autoCapitalize="characters"
      autoComplete="off"
      value={typed}
      onChange={(event) => type(event.currentTarget.value)}
    />
  );
}

function Moment({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string | undefined;
  onChange: (value?: string) => void;
}) {
  return (
    <TextInput
      label={label}
      type="datetime-local"
      max={LAST_MOMENT}
      value={value?.length === 10 ? `${value}T00:00` : (value ?? "")}
      onChange={(event) => onChange(event.currentTarget.value || undefined)}
    />
  );
}

function Found({ filters }: { filters: Filters }) {
  const t = useTexts();
  const { instant, date, day } = useTimes();
  const community = useCommunity();
  const { plate, house, kind, from, until } = filters;
  const query = {
    limit: PAGE,
    ...(plate && { plate }),
    ...(house && { house }),
    ...(kind && { kind }),
    ...(from && { from_ms: instant(from) }),
    ...(until && { until_ms: instant(until) }),
  };
  const journal = api.useInfiniteQuery(
    "get",
    "/api/v1/communities/{community}/journal",
    { params: { path: { community }, query } },
    BY_CURSOR,
  );
  return (
    <Pages
      query={journal}
      items={(page) => page.entries}
      empty={<Empty>{Object.keys(filters).length ? t("journal-not-found") : t("journal-empty")}</Empty>}
    >
      {(entries) =>
        days(entries, date).map(([key, entries]) => (
          <Panel key={key} title={capital(day(entries[0]?.at_ms ?? 0))}>
            <ol className="entries">
              {entries.map((entry) => (
                <Entry key={entry.id} entry={entry} />
              ))}
            </ol>
          </Panel>
        ))
      }
    </Pages>
  );
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Entries by the day on which they happened, in their order. */
function days(entries: Doc<"Line">[], date: (ms: number) => string): [string, Doc<"Line">[]][] {
  const days = new Map<string, Doc<"Line">[]>();
  for (const entry of entries) {
    const day = date(entry.at_ms);
    days.set(day, [...(days.get(day) ?? []), entry]);
  }
  return [...days];
}
