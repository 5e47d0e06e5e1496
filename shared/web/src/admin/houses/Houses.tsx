/** The houses, and where houses come from. */
import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconFileImport, IconMail, IconPlus } from "@tabler/icons-react";
import { keepPreviousData } from "@tanstack/react-query";
import { api } from "~/api/client";
import { useCommunity } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Page, Panel } from "~/ui/Page";
import { BY_CURSOR, Pages } from "~/ui/Pages";
import { Empty } from "~/ui/states";
import { Export } from "../exports/Export";
import { Link } from "../links";
import { Cell, SearchField, Table, useSearched } from "../Table";
import { NewHouse } from "./NewHouse";

export function Houses() {
  const t = useTexts();
  const community = useCommunity();
  const { text, search, type } = useSearched();
  const [adds, add] = useDisclosure();
  const houses = api.useInfiniteQuery(
    "get",
    "/api/v1/communities/{community}/houses",
    { params: { path: { community }, query: { search: search || undefined } } },
    { ...BY_CURSOR, placeholderData: keepPreviousData },
  );
  return (
    <Page
      wide
      title={t("houses")}
      actions={
        <>
          <Link to="/import" className="act">
            <IconFileImport aria-hidden size={20} />
            {t("houses-import")}
          </Link>
          <Link to="/letters" className="act">
            <IconMail aria-hidden size={20} />
            {t("houses-letters")}
          </Link>
          <Export what="houses.csv">{t("export-csv")}</Export>
          <Button leftSection={<IconPlus aria-hidden size={20} />} onClick={add.open}>
            {t("houses-add")}
          </Button>
        </>
      }
    >
      <NewHouse opened={adds} close={add.close} />
      <Panel>
        <SearchField label={t("houses-search")} text={text} type={type} />
        <Pages
          query={houses}
          items={(page) => page.houses}
          empty={<Empty>{search ? t("houses-not-found") : t("houses-none")}</Empty>}
        >
          {(found) => (
            <Table caption={t("houses")} columns={[t("houses-label"), t("houses-note")]}>
              {found.map((house) => (
                <tr key={house.id}>
                  <Cell>
                    <Link to="/houses/$house" params={{ house: house.id }} className="leads">
                      {house.label}
                    </Link>
                  </Cell>
                  <Cell>{house.note}</Cell>
                </tr>
              ))}
            </Table>
          )}
        </Pages>
      </Panel>
    </Page>
  );
}
