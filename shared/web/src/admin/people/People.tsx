/** The people: found by a part of a name, a telephone or a plate. */
import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { keepPreviousData } from "@tanstack/react-query";
import { api, type Doc } from "~/api/client";
import { useCommunity } from "~/session/session";
import { type Texts, useTexts } from "~/texts/texts";
import { Page, Panel } from "~/ui/Page";
import { BY_CURSOR, Pages } from "~/ui/Pages";
import { Empty } from "~/ui/states";
import { Export } from "../exports/Export";
import { Link } from "../links";
import { Cell, SearchField, Table, useSearched } from "../Table";
import { NewPerson } from "./PersonForm";

export function People() {
  const t = useTexts();
  const community = useCommunity();
  const { text, search, type } = useSearched();
  const [adds, add] = useDisclosure();
  const people = api.useInfiniteQuery(
    "get",
    "/api/v1/communities/{community}/people",
    { params: { path: { community }, query: { search: search || undefined } } },
    { ...BY_CURSOR, placeholderData: keepPreviousData },
  );
  return (
    <Page
      wide
      title={t("people")}
      actions={
        <>
          <Export what="people.csv">{t("export-csv")}</Export>
          <Button leftSection={<IconPlus aria-hidden size={20} />} onClick={add.open}>
            {t("people-add")}
          </Button>
        </>
      }
    >
      <NewPerson opened={adds} close={add.close} />
      <Panel>
        <SearchField label={t("people-search")} text={text} type={type} />
        <Pages
          query={people}
          items={(page) => page.people}
          empty={<Empty>{search ? t("people-not-found") : t("people-none")}</Empty>}
        >
          {(found) => (
            <Table caption={t("people")} columns={[t("people-name"), t("people-held"), t("people-phone")]}>
              {found.map((person) => (
                <tr key={person.id}>
                  <Cell>
                    <Link to="/people/$person" params={{ person: person.id }} className="leads">
                      {person.name}
                    </Link>
                  </Cell>
                  <Cell>{said(t, person)}</Cell>
                  <Cell>{person.phone && <a href={`tel:${person.phone}`}>{person.phone}</a>}</Cell>
                </tr>
              ))}
            </Table>
          )}
        </Pages>
      </Panel>
    </Page>
  );
}

/** What somebody is, in a line. */
function said(t: Texts, { held }: Doc<"PersonDetails">): string {
  if (!held.length) return t("people-nobody");
  return held
    .map(({ capacity, house_label }) =>
      house_label
        ? t("people-in", { house: house_label, place: t(`place-${capacity}`) })
        : t(`place-${capacity}`),
    )
    .join("; ");
}
