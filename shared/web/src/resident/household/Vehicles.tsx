/** The cars of a house, which nobody has to let in. */
import { Button, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { problemOf, wrongWith } from "~/api/answers";
import { api, cloud, type Doc } from "~/api/client";
import { useCommunity, useHere } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Ask } from "~/ui/Ask";
import { Dialog } from "~/ui/Dialog";
import { Panel, Row, Rows } from "~/ui/Page";
import { Plate } from "~/ui/Plate";
import { Empty, Failed, Loaded } from "~/ui/states";
import { useTimes } from "~/ui/times";

const VEHICLES = "/api/v1/communities/{community}/houses/{house}/vehicles";

export function Vehicles({ house }: { house: string }) {
  const t = useTexts();
  const { community, may } = useHere();
  const vehicles = api.useQuery("get", VEHICLES, { params: { path: { community, house } } });
  return (
    <Panel title={t("household-vehicles")}>
      <Loaded query={vehicles}>
        {({ vehicles }) =>
          vehicles.length ? (
            <Rows>
              {vehicles.map((vehicle) => (
                <Vehicle key={vehicle.id} vehicle={vehicle} removable={may("AddVehicle", house)} />
              ))}
            </Rows>
          ) : (
            <Empty>{t("household-vehicles-none")}</Empty>
          )
        }
      </Loaded>
      {may("AddVehicle", house) && <Add house={house} />}
    </Panel>
  );
}

function Vehicle({ vehicle, removable }: { vehicle: Doc<"Vehicle">; removable: boolean }) {
  const t = useTexts();
  const { day } = useTimes();
  const community = useCommunity();
  const queries = useQueryClient();
  const remove = async () => {
    const { error } = await cloud.DELETE("/api/v1/communities/{community}/vehicles/{vehicle}", {
      params: { path: { community, vehicle: vehicle.id } },
    });
    if (error) throw error;
    await queries.invalidateQueries({ queryKey: ["get", VEHICLES] });
  };
  return (
    <Row
      lead={<Plate shown={vehicle.plate_shown} />}
      detail={t("household-since", { day: day(vehicle.since_ms) })}
      actions={
        removable && (
          <div className="deeds">
            <Ask
              quiet
              button={t("household-remove")}
              title={t("household-vehicle-sure", { plate: vehicle.plate_shown })}
              consequences={<p>{t("household-vehicle-ends")}</p>}
              confirm={t("household-remove")}
              act={remove}
            />
          </div>
        )
      }
    >
      {vehicle.title || t("household-vehicle")}
    </Row>
  );
}

function Add({ house }: { house: string }) {
  const t = useTexts();
  const community = useCommunity();
  const queries = useQueryClient();
  const [opened, setOpened] = useState(false);
  const [plate, setPlate] = useState("");
  const [title, setTitle] = useState("");
  const add = api.useMutation("post", VEHICLES, {
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["get", VEHICLES] });
      setOpened(false);
      setPlate("");
      setTitle("");
    },
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    add.mutate({ params: { path: { community, house } }, body: { plate, title } });
  };
  const isField = ["plate", "title"].includes(problemOf(add.error)?.field ?? "");
  return (
    <>
      <Button
        mt="md"
        fullWidth
        variant="default"
        leftSection={<IconPlus aria-hidden />}
        onClick={() => setOpened(true)}
      >
        {t("household-vehicle-add")}
      </Button>
      <Dialog opened={opened} onClose={() => setOpened(false)} title={t("household-vehicle-add")}>
        <form onSubmit={send} className="form">
          <TextInput
            data-autofocus
            label={t("household-plate")}
            description={t("household-plate-how")}
            autoComplete="off"
            autoCapitalize="characters"
            required
            withAsterisk={false}
            value={plate}
            error={wrongWith(add.error, "plate")}
            onChange={(event) => setPlate(event.currentTarget.value)}
          />
          <TextInput
            label={t("household-vehicle-title")}
            description={t("household-vehicle-title-how")}
            autoComplete="off"
            value={title}
            error={wrongWith(add.error, "title")}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          {!isField && <Failed error={add.error} />}
          <Button type="submit" loading={add.isPending}>
            {t("household-vehicle-add-now")}
          </Button>
        </form>
      </Dialog>
    </>
  );
}
