/** My houses: who is of them and what each may do, and the cars that are let in. */
import { useHere } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Page } from "~/ui/Page";
import { Empty } from "~/ui/states";
import { People } from "./People";
import { Vehicles } from "./Vehicles";
import "../account/account.css";
import "./household.css";

export function Household() {
  const t = useTexts();
  const { houses } = useHere();
  const [only] = houses;
  return (
    <Page
      title={
        houses.length === 1 && only?.label ? t("household-house", { house: only.label }) : t("household")
      }
    >
      {houses.length === 0 && <Empty>{t("household-none")}</Empty>}
      {houses.map((house) => (
        <section key={house.id} aria-label={t("household-house", { house: house.label })}>
          {houses.length > 1 && <p className="house">{t("household-house", { house: house.label })}</p>}
          <People house={house.id} />
          <Vehicles house={house.id} />
        </section>
      ))}
    </Page>
  );
}
