/** Through which gate somebody is let in: the first, unless another is chosen. */
import { useState } from "react";
import type { Doc } from "~/api/kiosk";
import { useTexts } from "~/texts/texts";
import { useLive } from "../post/live";
import { Tap } from "../post/Press";

export function useGate(): [Doc<"Gate"> | undefined, (key: string) => void] {
  const { state } = useLive();
  const [key, choose] = useState<string>();
  return [state.gates.find((gate) => gate.key === key) ?? state.gates[0], choose];
}

export function GateChoice({ gate, choose }: { gate?: Doc<"Gate">; choose: (key: string) => void }) {
  const t = useTexts();
  const { state } = useLive();
  if (state.gates.length < 2) return null;
  return (
    <fieldset className="choice" aria-label={t("gate-through")}>
      {state.gates.map(({ key, name }) => (
        <Tap key={key} chosen={key === gate?.key} onTap={() => choose(key)}>
          {name}
        </Tap>
      ))}
    </fieldset>
  );
}
