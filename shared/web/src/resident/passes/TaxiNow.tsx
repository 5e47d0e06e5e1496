/** The passes that one is in a hurry for: a taxi now, in a tap and a confirmation; a form for each of the others. */
import { Button, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { wrongWith } from "~/api/answers";
import { useHere } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Dialog } from "~/ui/Dialog";
import { Plate } from "~/ui/Plate";
import { Failed, Said } from "~/ui/states";
import { useTimes } from "~/ui/times";
import { HouseChoice, housesFor } from "../houses";
import { useIssue } from "./issue";
import { KindIcon } from "./PassRow";
import { KINDS, type Pass } from "./passes";
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
        <Confirm
          done={(pass) => {
            setIssued(pass);
            setAsks(false);
          }}
        />
      </Dialog>
    </>
  );
}

function Confirm({ done }: { done: (pass: Pass) => void }) {
  const t = useTexts();
  const houses = housesFor(useHere(), "IssuePass");
  const [house, choose] = useState(houses[0]?.id ?? "");
  const [plate, setPlate] = useState("");
  const { issue, busy, error } = useIssue();
  // The guard needs something to know it by: without a plate it is a taxi that comes and says so.
  const name = plate.trim() ? "" : t("pass-taxi-name");
  const send = async () => {
    const pass = await issue(house, { kind: "taxi", plate, name });
    if (pass) done(pass);
  };
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <p style={{ margin: 0 }}>{t("pass-taxi-about")}</p>
      <HouseChoice houses={houses} house={house} choose={choose} />
      <TextInput
        label={t("pass-plate-if-known")}
        value={plate}
        onChange={(event) => setPlate(event.currentTarget.value)}
        error={wrongWith(error, "plate")}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
      />
      {!wrongWith(error, "plate") && <Failed error={error} />}
      <Button type="submit" size="lg" loading={busy} data-autofocus>
        {t("pass-taxi-confirm")}
      </Button>
    </form>
  );
}
