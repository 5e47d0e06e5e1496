/** The one question before a taxi is expected: its plate, if it is known. */
import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { wrongWith } from "~/api/answers";
import { useHere } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Failed } from "~/ui/states";
import { HouseChoice, housesFor } from "../houses";
import { useIssue } from "./issue";
import type { Pass } from "./passes";

export function TaxiConfirm({ done }: { done: (pass: Pass) => void }) {
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
