/** The passes that one is in a hurry for: a taxi now, in a tap and a confirmation; a form for each of the others. */
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTexts } from "~/texts/texts";
import { Plate } from "~/ui/Plate";
import { Said } from "~/ui/states";
import { useTimes } from "~/ui/times";
import { KindIcon } from "./PassRow";
import { KINDS, type Pass } from "./passes";
import "./passes.css";

// A dialog is not needed to open a gate.
const Confirm = lazy(() => import("./TaxiConfirm"));

export function TaxiNow({ all }: { all?: boolean }) {
  const t = useTexts();
  const { moment } = useTimes();
  const [isWanted, setWanted] = useState(false);
  const [asks, setAsks] = useState(false);
  const [issued, setIssued] = useState<Pass>();
  const kinds = KINDS.filter((kind) => kind !== "taxi" && (all || kind === "guest" || kind === "courier"));
  return (
    <>
      <h2 className={all ? "unseen" : "kinds-title"}>{t("pass-new")}</h2>
      <div className="kinds">
        <button
          type="button"
          className="kind kind-now"
          onClick={() => {
            setWanted(true);
            setAsks(true);
          }}
        >
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
      {isWanted && (
        <Suspense>
          <Confirm
            opened={asks}
            close={() => setAsks(false)}
            done={(pass) => {
              setIssued(pass);
              setAsks(false);
            }}
          />
        </Suspense>
      )}
    </>
  );
}
