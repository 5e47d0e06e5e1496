/** A guard's PIN: big keys, and words where it does not fit. */
import { IconArrowRight } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { refusalOf } from "~/api/kiosk";
import { useTexts } from "~/texts/texts";
import { Failed, Said } from "~/ui/states";
import { Field, Keys } from "../keys/Keys";
import { Press, useDeed } from "../post/Press";

const SECOND_MS = 1_000;

/** Seconds of a wait that is told once; 0 when it is over. */
function useWait(seconds: number, since: unknown): number {
  const [left, setLeft] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each refusal begins a wait of its own
  useEffect(() => {
    const end = Date.now() + seconds * SECOND_MS;
    const look = () => setLeft(Math.max(0, Math.ceil((end - Date.now()) / SECOND_MS)));
    look();
    const timer = setInterval(look, SECOND_MS);
    return () => clearInterval(timer);
  }, [seconds, since]);
  return left;
}

export function PinPad({ confirm, enter }: { confirm: string; enter: (pin: string) => Promise<unknown> }) {
  const t = useTexts();
  const [pin, setPin] = useState("");
  const deed = useDeed();
  const refusal = refusalOf(deed.error);
  const locked = useWait(refusal?.retry_after_s ?? 0, refusal);
  const act = async () => {
    try {
      await enter(pin);
    } catch (error) {
      // What was typed is no use any more, unless nobody looked at it.
      if (refusalOf(error)) setPin("");
      throw error;
    }
  };
  const change = (value: string) => {
    setPin(value.replace(/\D/g, ""));
    if (!locked) deed.forget();
  };
  return (
    <form
      className="pin"
      onSubmit={(event) => {
        event.preventDefault();
        if (pin && !locked) deed.run("pin", act);
      }}
    >
      <Field label={t("pin")} value={pin} onChange={change} secret />
      <Keys layout="number" value={pin} onChange={change} disabled={locked > 0} />
      <Press
        deed={deed}
        name="pin"
        kind="open"
        act={act}
        icon={<IconArrowRight />}
        disabled={!pin || locked > 0}
      >
        {confirm}
      </Press>
      {/* Below, so that no key moves under the finger. */}
      {locked > 0 ? (
        <Said tone="wrong">
          {refusal?.detail} {t("pin-wait", { seconds: locked })}
        </Said>
      ) : (
        <Failed error={deed.error} />
      )}
    </form>
  );
}
