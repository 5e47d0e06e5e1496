/** Somebody: what they are, what they may, how they sign in, and the end of it. */
import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowLeft, IconPencil } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { cloud, type Doc } from "~/api/client";
import { tagged } from "~/api/tagged";
import { useCommunity } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Page, Panel, Row, Rows } from "~/ui/Page";
import { Empty, Loaded, Said } from "~/ui/states";
import { Link, usePart } from "../links";
import { EndGrant } from "./EndGrant";
import { ErasePerson } from "./Erase";
import { EditPerson } from "./PersonForm";
import { Roles } from "./Roles";
import { SettleIn } from "./Settle";
import { SignInLink } from "./SignInLink";

export function Person() {
  const t = useTexts();
  const id = usePart("person");
  const community = useCommunity();
  const [edits, edit] = useDisclosure();
  const [erased, setErased] = useState("");
  const params = { path: { community, person: id } };
  const person = useQuery({
    queryKey: ["get", "/api/v1/communities/{community}/people/{person}", { params }, "tagged"],
    queryFn: async () =>
      tagged(await cloud.GET("/api/v1/communities/{community}/people/{person}", { params })),
    enabled: erased !== id,
  });
  const name = person.data?.document.name;
  return (
    <Page
      wide
      title={erased === id ? t("person-erased") : name || t("person")}
      actions={
        <>
          <Link to="/people" className="act">
            <IconArrowLeft aria-hidden size={20} />
            {t("people")}
          </Link>
          {name && erased !== id && (
            <Button variant="default" leftSection={<IconPencil aria-hidden size={20} />} onClick={edit.open}>
              {t("person-edit")}
            </Button>
          )}
        </>
      }
    >
      {erased === id ? (
        <Said>{t("erase-done")}</Said>
      ) : (
        <Loaded query={person}>
          {(known) => (
            <div key={id}>
              <EditPerson person={known} refetch={person.refetch} opened={edits} close={edit.close} />
              <div className="halves">
                <div>
                  <Facts person={known.document} />
                  <Places person={known.document} />
                </div>
                <div>
                  <Roles person={known.document} />
                  <SignInLink person={known.document} />
                  <ErasePerson person={known.document} done={() => setErased(id)} />
                </div>
              </div>
            </div>
          )}
        </Loaded>
      )}
    </Page>
  );
}

function Facts({ person: { phone, language, vehicles } }: { person: Doc<"PersonDetails"> }) {
  const t = useTexts();
  return (
    <Panel>
      <dl className="facts">
        <dt>{t("people-phone")}</dt>
        <dd>{phone ? <a href={`tel:${phone}`}>{phone}</a> : t("person-no-phone")}</dd>
        <dt>{t("people-language")}</dt>
        <dd>{t(`language-${language}`)}</dd>
        <dt>{t("person-vehicles")}</dt>
        <dd>{vehicles}</dd>
      </dl>
    </Panel>
  );
}

function Places({ person }: { person: Doc<"PersonDetails"> }) {
  const t = useTexts();
  const places = person.held.filter((held) => held.house);
  return (
    <Panel title={t("person-places")}>
      {!person.held.length && <Empty>{t("person-nobody")}</Empty>}
      <Rows>
        {places.map(({ id, house, house_label, capacity }) => (
          <Row
            key={id}
            detail={t(`place-${capacity}`)}
            actions={
              <EndGrant
                grant={id}
                button={t("house-remove")}
                title={t("house-remove-title", { name: person.name, house: house_label })}
              />
            }
          >
            <Link to="/houses/$house" params={{ house: house ?? "" }} className="leads-in">
              {t("house", { label: house_label })}
            </Link>
          </Row>
        ))}
      </Rows>
      <SettleIn person={person.id} />
    </Panel>
  );
}
