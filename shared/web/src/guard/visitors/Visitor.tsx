/** A visitor by hand: the house, and who they are; that lets them in. */
import { IconAmbulance, IconCar, IconMail, IconPackage, IconTool, IconUser } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { wrongWith } from "~/api/answers";
import { kiosk, told } from "~/api/kiosk";
import { useTexts } from "~/texts/texts";
import { Failed } from "~/ui/states";
import { GateChoice, useGate } from "../gates/GateChoice";
import { laneOf } from "../gates/Gates";
import { useHouse } from "../houses/houses";
import { WhichHouse } from "../houses/WhichHouse";
import { Field, Keys } from "../keys/Keys";
import type { PlaceProps } from "../post/Post";
import { Press, Tap, useDeed } from "../post/Press";

/** Who comes; the last two come to no house. */
const KINDS: [string, ReactNode, "house" | "anywhere"][] = [
  ["courier", <IconPackage key="" />, "house"],
  ["taxi", <IconCar key="" />, "house"],
  ["guest", <IconUser key="" />, "house"],
  ["worker", <IconTool key="" />, "house"],
  ["post", <IconMail key="" />, "anywhere"],
  ["emergency", <IconAmbulance key="" />, "anywhere"],
];

export function Visitor({ go }: PlaceProps) {
  const t = useTexts();
  const deed = useDeed();
  const [gate, chooseGate] = useGate();
  const [number, setNumber] = useState("");
  const [plate, setPlate] = useState("");
  const [writes, setWrites] = useState<"number" | "plate">("number");
  const [opens, setOpens] = useState(true);
  const { house, near, error } = useHouse(number);

  const letIn = (kind: string) => async () => {
    const lane = gate ? laneOf(gate, "entry") : "";
    const name = t(`visitor-${kind}`);
    const body = { name, plate, house: house?.id, gate: gate?.key, lane, open: opens };
    await told(kiosk.POST("/api/visitors", { params: { header: deed.once(body) }, body }));
    go("arrivals");
  };
  return (
    <section className="beside">
      <div className="beside-keys">
        <div className="field-row">
          <Field
            label={t("house-number")}
            value={number}
            onChange={setNumber}
            onChoose={() => setWrites("number")}
            chosen={writes === "number"}
          />
          <Field
            label={t("visitor-plate")}
            value={plate}
            onChange={setPlate}
            onChoose={() => setWrites("plate")}
            chosen={writes === "plate"}
            error={wrongWith(deed.error, "plate")}
          />
        </div>
        {writes === "number" ? (
          <Keys layout="number" value={number} onChange={setNumber} />
        ) : (
          <Keys layout="plate" value={plate} onChange={setPlate} />
        )}
      </div>
      <div className="beside-rest">
        <GateChoice gate={gate} choose={chooseGate} />
        <WhichHouse number={number} house={house} near={near} choose={setNumber} />
        <fieldset className="choices" aria-label={t("visitor-who")}>
          {KINDS.map(([kind, icon, where]) => (
            <Press
              key={kind}
              deed={deed}
              name={kind}
              kind={opens ? "open" : "plain"}
              icon={icon}
              act={letIn(kind)}
              // A number that means no house must not become a visit to none.
              disabled={!house && (where === "house" || number !== "")}
              label={t("visitor-let-in", { who: t(`visitor-${kind}`), open: opens ? "yes" : "no" })}
            >
              {t(`visitor-${kind}`)}
            </Press>
          ))}
        </fieldset>
        <Tap chosen={!opens} onTap={() => setOpens(!opens)}>
          {t("visitor-only-written")}
        </Tap>
        {!wrongWith(deed.error, "plate") && <Failed error={deed.error ?? error} />}
      </div>
    </section>
  );
}
