/** The passes of my houses, by how they stand. */
import { Button } from "@mantine/core";
import { useState } from "react";
import { api } from "~/api/client";
import { useHere } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Page, Panel, Rows } from "~/ui/Page";
import { Empty, Failed, Loaded, Loading } from "~/ui/states";
import { PassRow } from "./PassRow";
import { OF_HOUSE, type Pass, useCurrentPasses } from "./passes";
import { TaxiNow } from "./TaxiNow";

export function Passes() {
  const t = useTexts();
  const here = useHere();
  const current = useCurrentPasses();
  return (
    <Page title={t("passes")}>
      {here.may("IssuePass") && <TaxiNow all />}
      <Loaded query={current}>
        {(passes) => {
          const [now, later] = [
            passes.filter((pass) => !pass.next_ms),
            passes.filter((pass) => pass.next_ms),
          ];
          return (
            <>
              <Panel title={t("passes-now")}>
                {now.length ? <List passes={now} /> : <Empty>{t("passes-none-now")}</Empty>}
              </Panel>
              {later.length > 0 && (
                <Panel title={t("passes-later")}>
                  <List passes={later.sort((one, other) => (one.next_ms ?? 0) - (other.next_ms ?? 0))} />
                </Panel>
              )}
            </>
          );
        }}
      </Loaded>
      <Past />
    </Page>
  );
}

function List({ passes }: { passes: Pass[] }) {
  return (
    <Rows>
      {passes.map((pass) => (
        <PassRow key={pass.id} pass={pass} />
      ))}
    </Rows>
  );
}

/** Those that ended, when somebody wants to see them. */
function Past() {
  const t = useTexts();
  const { houses } = useHere();
  const [isShown, show] = useState(false);
  if (!houses.length) return null;
  if (!isShown) {
    return (
      <Button variant="default" fullWidth onClick={() => show(true)}>
        {t("passes-show-past")}
      </Button>
    );
  }
  return houses.map(({ id, label }) => (
    <Panel key={id} title={houses.length > 1 ? t("passes-past-of", { house: label }) : t("passes-past")}>
      <PastOf house={id} />
    </Panel>
  ));
}

function PastOf({ house }: { house: string }) {
  const t = useTexts();
  const { community } = useHere();
  const past = api.useInfiniteQuery(
    "get",
    OF_HOUSE,
    { params: { path: { community, house }, query: { which: "past" } } },
    {
      pageParamName: "after",
      initialPageParam: null,
      getNextPageParam: (page) => page.next ?? undefined,
    },
  );
  if (!past.data) return past.error ? <Failed error={past.error} retry={past.refetch} /> : <Loading />;
  const passes = past.data.pages.flatMap((page) => page.passes);
  if (!passes.length) return <Empty>{t("passes-none-past")}</Empty>;
  return (
    <>
      <List passes={passes} />
      {past.isFetchNextPageError && <Failed error={past.error} />}
      {past.hasNextPage && (
        <Button
          variant="default"
          fullWidth
          mt="sm"
          loading={past.isFetchingNextPage}
          onClick={() => past.fetchNextPage()}
        >
          {t("more")}
        </Button>
      )}
    </>
  );
}
