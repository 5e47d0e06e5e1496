/** The passes that one is in a hurry for: a taxi now, in a tap and a confirmation; a form for each of the others. */
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTexts } from "~/texts/texts";
import { Dialog } from "~/ui/Dialog";
import { Plate } from "~/ui/Plate";
import { Said } from "~/ui/states";
import { useTimes } from "~/ui/times";
import { KindIcon } from "./PassRow";
import { KINDS, type Pass } from "./passes";
import { TaxiConfirm } from "./TaxiConfirm";
import "./passes.css";

export function TaxiNow({ all }: { all?: boolean }) {
  const t = useTexts();
  const { moment } = useTimes();
  const [asks, setAsks] = useState(false);
  const [issued, setIssued] = useState<Pass>();
  const kinds = KINDS.filter((kind) => kind !== "taxi" && (all || kind === "guest" || kind === "courier"));
  return (
    <>
      <h2 className={all ? "unseen" : "kinds-title"}>{t("pass-new")}</h2>
      <div className="kinds">
        <button type="button" className="kind kind-now" onClick={() => setAsks(true)}>
          <KindIcon kind="taxi" />
          <span>{t("pass-taxi-now")}</span>
        </button>
        {kinds.map((kind) => (
          <Link key={kind} to="/passes/new/$kind" params={{ kind }} className="kind">
            <KindIcon kind={kind} />
            <span>{t(`pass-kind-${kind}`)}</span>
          </Link>
        ))}
      </div>
      {issued && (
        <Said
          action={
            <Link to="/passes/$pass" params={{ pass: issued.id }}>
              {t("pass-open")}
            </Link>
          }
        >
          {t("pass-taxi-issued", { moment: moment(issued.validity.until_ms ?? 0) })}{" "}
          <Plate shown={issued.plate_shown} size="1rem" />
        </Said>
      )}
      <Dialog opened={asks} onClose={() => setAsks(false)} title={t("pass-taxi-now")}>
        <TaxiConfirm
          done={(pass) => {
            setIssued(pass);
            setAsks(false);
          }}
        />
      </Dialog>
    </>
  );
}
