/** What those in office did about me and my houses, and whose data of ours they looked at. */
import { Button } from "@mantine/core";
import { IconEye, IconPencil } from "@tabler/icons-react";
import { api, type Doc } from "~/api/client";
import { useHere } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Page, Panel, Row, Rows } from "~/ui/Page";
import { Empty, Failed, Loading } from "~/ui/states";
import { useTimes } from "~/ui/times";
import { JournalTabs } from "./Journal";

export function Looked() {
  const t = useTexts();
  return (
    <Page title={t("journal")}>
      <JournalTabs />
      <p className="quiet">{t("journal-looked-about")}</p>
      <Deeds />
    </Page>
  );
}

function Deeds() {
  const t = useTexts();
  const { community } = useHere();
  const audit = api.useInfiniteQuery(
    "get",
    "/api/v1/communities/{community}/me/audit",
    { params: { path: { community } } },
    {
      pageParamName: "after",
      initialPageParam: null,
      getNextPageParam: (page) => page.next ?? undefined,
    },
  );
  if (!audit.data) return audit.error ? <Failed error={audit.error} retry={audit.refetch} /> : <Loading />;
  const deeds = audit.data.pages.flatMap((page) => page.deeds);
  return (
    <>
      {deeds.length > 0 && (
        <Panel>
          <Rows>
            {deeds.map((deed) => (
              <OneDeed key={deed.id} deed={deed} />
            ))}
          </Rows>
        </Panel>
      )}
      {!deeds.length && !audit.hasNextPage && <Empty>{t("journal-nobody-looked")}</Empty>}
      {audit.isFetchNextPageError && <Failed error={audit.error} />}
      {audit.hasNextPage && (
        <Button
          variant="default"
          fullWidth
          loading={audit.isFetchingNextPage}
          onClick={() => audit.fetchNextPage()}
        >
          {t("more")}
        </Button>
      )}
    </>
  );
}

function OneDeed({ deed }: { deed: Doc<"Deed"> }) {
  const t = useTexts();
  const { moment } = useTimes();
  const here = useHere();
  const Icon = deed.looked ? IconEye : IconPencil;
  const about = [
    deed.person && deed.person !== here.person && deed.person_name,
    deed.person === here.person && t("journal-about-me"),
    deed.house_label && t("house-label", { house: deed.house_label }),
    deed.everybody && t("journal-about-everybody"),
  ];
  return (
    <Row
      lead={<Icon aria-hidden className="quiet" />}
      detail={[moment(deed.at_ms), deed.by_name || t("journal-by-erased"), ...about]
        .filter(Boolean)
        .join(" · ")}
    >
      {deed.text}
    </Row>
  );
}
