/** A house: who and what belongs to it, and its code. */
import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowLeft, IconListDetails, IconPencil } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { api, cloud, type Doc } from "~/api/client";
import { tagged } from "~/api/tagged";
import { useCommunity } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Page, Panel, Row, Rows } from "~/ui/Page";
import { BY_CURSOR, Pages } from "~/ui/Pages";
import { Plate } from "~/ui/Plate";
import { Empty, Loaded } from "~/ui/states";
import { useTimes } from "~/ui/times";
import { Link, usePart } from "../links";
import { EndGrant } from "../people/EndGrant";
import { SettlePerson } from "../people/Settle";
import { Code } from "./Code";
import { RenameHouse } from "./NewHouse";

export function House() {
  const t = useTexts();
  const id = usePart("house");
  const community = useCommunity();
  const [renames, rename] = useDisclosure();
  const params = { path: { community, house: id } };
  const house = useQuery({
    queryKey: ["get", "/api/v1/communities/{community}/houses/{house}", { params }, "tagged"],
    queryFn: async () =>
      tagged(await cloud.GET("/api/v1/communities/{community}/houses/{house}", { params })),
  });
  const label = house.data?.document.label ?? "";
  return (
    <Page
      wide
      title={label ? t("house", { label }) : t("house-any")}
      actions={
        <>
          <Link to="/houses" className="act">
            <IconArrowLeft aria-hidden size={20} />
            {t("houses")}
          </Link>
          <Link to="/journal" search={{ house: id } as never} className="act">
            <IconListDetails aria-hidden size={20} />
            {t("house-journal")}
          </Link>
          {house.data && (
            <Button
              variant="default"
              leftSection={<IconPencil aria-hidden size={20} />}
              onClick={rename.open}
            >
              {t("house-rename")}
            </Button>
          )}
        </>
      }
    >
      <Loaded query={house}>
        {(known) => (
          <>
            <RenameHouse house={known} refetch={house.refetch} opened={renames} close={rename.close} />
            {known.document.note && <p className="quiet">{known.document.note}</p>}
            <div className="halves" key={id}>
              <div>
                <Household house={known.document} />
                <Code house={known.document} />
              </div>
              <div>
                <Vehicles house={id} />
                <Passes house={id} />
              </div>
            </div>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Household({ house }: { house: Doc<"House"> }) {
  const t = useTexts();
  const { day } = useTimes();
  const community = useCommunity();
  const household = api.useQuery("get", "/api/v1/communities/{community}/houses/{house}/people", {
    params: { path: { community, house: house.id } },
  });
  return (
    <Panel title={t("house-people")}>
      <Loaded query={household}>
        {({ people }) => (
          <>
            {!people.length && <Empty>{t("house-nobody")}</Empty>}
            <Rows>
              {people.map((one) => (
                <Row
                  key={one.id}
                  detail={
                    <>
                      {t(`place-${one.capacity}`)}
                      {one.by_name && `, ${t("house-by", { name: one.by_name })}`}, {day(one.since_ms)}
                      {one.phone && (
                        <>
                          {", "}
                          <a href={`tel:${one.phone}`}>{one.phone}</a>
                        </>
                      )}
                    </>
                  }
                  actions={
                    <EndGrant
                      grant={one.id}
                      button={t("house-remove")}
                      title={t("house-remove-title", { name: one.name, house: house.label })}
                    />
                  }
                >
                  <Link to="/people/$person" params={{ person: one.person }} className="leads-in">
                    {one.name}
                  </Link>
                </Row>
              ))}
            </Rows>
          </>
        )}
      </Loaded>
      <SettlePerson house={house} />
    </Panel>
  );
}

function Vehicles({ house }: { house: string }) {
  const t = useTexts();
  const { day } = useTimes();
  const community = useCommunity();
  const vehicles = api.useQuery("get", "/api/v1/communities/{community}/houses/{house}/vehicles", {
    params: { path: { community, house } },
  });
  return (
    <Panel title={t("house-vehicles")}>
      <Loaded query={vehicles}>
        {({ vehicles }) =>
          vehicles.length ? (
            <Rows>
              {vehicles.map((car) => (
                <Row
                  key={car.id}
                  lead={<Plate shown={car.plate_shown} />}
                  detail={t("house-vehicle-since", { day: day(car.since_ms) })}
                  actions={
                    <EndGrant
                      grant={car.id}
                      button={t("house-vehicle-remove")}
                      title={t("house-vehicle-remove-title", { plate: car.plate_shown })}
                    />
                  }
                >
                  {car.title}
                </Row>
              ))}
            </Rows>
          ) : (
            <Empty>{t("house-no-vehicles")}</Empty>
          )
        }
      </Loaded>
    </Panel>
  );
}

function Passes({ house }: { house: string }) {
  const t = useTexts();
  const community = useCommunity();
  const passes = api.useInfiniteQuery(
    "get",
    "/api/v1/communities/{community}/houses/{house}/passes",
    { params: { path: { community, house }, query: { which: "current" } } },
    BY_CURSOR,
  );
  return (
    <Panel title={t("house-passes")}>
      <Pages query={passes} items={(page) => page.passes} empty={<Empty>{t("house-no-passes")}</Empty>}>
        {(found) => (
          <Rows>
            {found.map((pass) => (
              <Row
                key={pass.id}
                lead={pass.plate_shown && <Plate shown={pass.plate_shown} />}
                detail={`${pass.window_text}. ${pass.standing_text}`}
                actions={
                  <EndGrant
                    grant={pass.id}
                    button={t("house-pass-cancel")}
                    title={t("house-pass-cancel-title", {
                      name: pass.name || pass.plate_shown || pass.kind_text,
                    })}
                  />
                }
              >
                {pass.kind_text}
                {pass.name && `: ${pass.name}`}
              </Row>
            ))}
          </Rows>
        )}
      </Pages>
    </Panel>
  );
}
