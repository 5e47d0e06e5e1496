/** A house by its number, and then what is to be done with it. */
import { IconArrowLeft } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import type { Doc } from "~/api/kiosk";
import { useTexts } from "~/texts/texts";
import { Failed } from "~/ui/states";
import { Field, Keys } from "../keys/Keys";
import { type Deed, Tap } from "../post/Press";
import { useHouse } from "./houses";
import { WhichHouse } from "./WhichHouse";

export function HousePad({
  title,
  deed,
  back,
  children,
}: {
  title: string;
  deed: Deed;
  back: () => void;
  /** What is done with the house. */
  children: (house: Doc<"House">) => ReactNode;
}) {
  const t = useTexts();
  const [number, setNumber] = useState("");
  const { house, near, error } = useHouse(number);
  return (
    <section className="sheet">
      <div className="sheet-head">
        <Tap icon={<IconArrowLeft />} onTap={back}>
          {t("back")}
        </Tap>
        <h2>{title}</h2>
      </div>
      <div className="beside">
        <div className="beside-keys">
          <Field label={t("house-number")} value={number} onChange={setNumber} chosen />
          <Keys layout="number" value={number} onChange={setNumber} />
        </div>
        <div className="beside-rest">
          <WhichHouse number={number} house={house} near={near} choose={setNumber} />
          {house && children(house)}
          <Failed error={deed.error ?? error} />
        </div>
      </div>
    </section>
  );
}
