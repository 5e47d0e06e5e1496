/** My journal: who came to my house, day by day; who looked at it, and what is kept of it, stand beside. */
import { Button, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useContext, useState } from "react";
import { api } from "~/api/client";
import { useHere } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { isDay } from "~/ui/days";
import { Page, Panel } from "~/ui/Page";
import { Empty, Failed, Loading } from "~/ui/states";
import { useTimes, Zone } from "~/ui/times";
import { HouseChoice } from "../houses";
import { midnight, shifted } from "../passes/terms";
import { Arrivals } from "./Arrivals";
import { type Arrival, arrivals } from "./arrivals";
import "./journal.css";

const TABS = [
  { to: "/journal", text: "journal-came" },
  { to: "/journal/looked", text: "journal-looked" },
  { to: "/journal/kept", text: "journal-kept" },
] as const;

export function JournalTabs() {
  const t = useTexts();
  return (
    <nav className="tabs" aria-label={t("journal")}>
      {TABS.map(({ to, text }) => (
        <Link key={to} to={to} activeOptions={{ exact: true }} className="tab">
          {t(text)}
        </Link>
      ))}
    </nav>
  );
}

export function Journal() {
  const t = useTexts();
  const { date } = useTimes();
  const { houses } = useHere();
  const [chosen, choose] = useState("");
  const [day, setDay] = useState("");
  const isWrong = day !== "" && !isDay(day);
  const house = chosen || houses[0]?.id;
  return (
    <Page title={t("journal")}>
      <JournalTabs />
      <div className="filters">
        {house && <HouseChoice houses={houses} house={house} choose={choose} />}
        <TextInput
          type="date"
          label={t("journal-day")}
          value={day}
          max={date(Date.now())}
          error={isWrong && t("no-date")}
          onChange={(event) => setDay(event.currentTarget.value)}
        />
        {day && (
          <Button variant="default" onClick={() => setDay("")}>
            {t("journal-all-days")}
          </Button>
        )}
      </div>
      {isWrong ? null : house ? (
        <Came key={`${house} ${day}`} house={house} day={day} />
      ) : (
        <Empty>{t("journal-no-house")}</Empty>
      )}
    </Page>
  );
}

function Came({ house, day }: { house: string; day: string }) {
  const t = useTexts();
  const zone = useContext(Zone);
  const { community } = useHere();
  const window = day ? { from_ms: midnight(day, zone), until_ms: midnight(shifted(day, 1), zone) } : {};
  const journal = api.useInfiniteQuery(
    "get",
    "/api/v1/communities/{community}/houses/{house}/journal",
    { params: { path: { community, house }, query: window } },
    {
      pageParamName: "after",
      initialPageParam: null,
      getNextPageParam: (page) => page.next ?? undefined,
    },
  );
  if (!journal.data)
    return journal.error ? <Failed error={journal.error} retry={journal.refetch} /> : <Loading />;
  const came = arrivals(journal.data.pages.flatMap((page) => page.entries));
  return (
    <>
      <Days arrivals={came} />
      {/* A page may be empty and not the last. */}
      {!came.length && !journal.hasNextPage && (
        <Empty>{day ? t("journal-nobody-that-day") : t("journal-nobody")}</Empty>
      )}
      {journal.isFetchNextPageError && <Failed error={journal.error} />}
      {journal.hasNextPage && (
        <Button
          variant="default"
          fullWidth
          mt="md"
          loading={journal.isFetchingNextPage}
          onClick={() => journal.fetchNextPage()}
        >
          {t("more")}
        </Button>
      )}
    </>
  );
}

/** Under their days. */
function Days({ arrivals }: { arrivals: Arrival[] }) {
  const { day } = useTimes();
  const days = new Map<string, Arrival[]>();
  for (const arrival of arrivals) {
    const name = day(arrival.line.at_ms);
    days.set(name, [...(days.get(name) ?? []), arrival]);
  }
  return [...days].map(([name, arrivals]) => (
    <section key={name}>
      <h2 className="day">{name}</h2>
      <Panel>
        <Arrivals arrivals={arrivals} />
      </Panel>
    </section>
  ));
}
