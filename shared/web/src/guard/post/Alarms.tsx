/** What is wrong now, and what the guard must have seen. A fire cannot be missed, and nothing of it be waved away. */
import { IconAlertTriangle, IconCheck, IconClockCheck, IconFlame } from "@tabler/icons-react";
import { useState } from "react";
import { type Doc, kiosk, told } from "~/api/kiosk";
import { useTexts } from "~/texts/texts";
import { Failed } from "~/ui/states";
import { useTimes } from "~/ui/times";
import { useLive } from "./live";
import { Press, Tap, useDeed } from "./Press";

const nameOf = ({ code, gate, about, at_ms }: Doc<"Alarm">) => [code, gate, about, at_ms].join(" ");
/** What stands in the line above anyway, until it is mended; and fires, which are told of all gates at once. */
const SAID_ELSEWHERE: Doc<"AlarmCode">[] = ["camera-blind", "camera-lost", "gate-fire"];

export function Alarms() {
  const { state } = useLive();
  const [seen, setSeen] = useState<string[]>([]);
  const { alarms } = state;
  // What is so now need not be told as what happened, too.
  const isNow = ({ code, gate, at_ms }: Doc<"Alarm">) =>
    at_ms != null &&
    alarms.some((other) => other.at_ms == null && other.code === code && other.gate === gate);
  const open = alarms.filter(
    (alarm) => !SAID_ELSEWHERE.includes(alarm.code) && !seen.includes(nameOf(alarm)) && !isNow(alarm),
  );
  const burns = state.gates.filter((gate) => gate.status.fire);
  return (
    <div className="alarms" role="alert">
      {burns[0] && (
        <div className="alarm" data-fire>
          <IconFlame aria-hidden size={40} />
          <span className="alarm-text">
            {burns.map(({ name }) => name).join(", ")}: {burns[0].status_text}
          </span>
        </div>
      )}
      {open.map((alarm) => (
        <One key={nameOf(alarm)} alarm={alarm} see={() => setSeen((seen) => [...seen, nameOf(alarm)])} />
      ))}
    </div>
  );
}

function One({ alarm, see }: { alarm: Doc<"Alarm">; see: () => void }) {
  const t = useTexts();
  const { time } = useTimes();
  return (
    <div className="alarm">
      <IconAlertTriangle aria-hidden size={28} />
      <span className="alarm-text">
        {alarm.text}
        {alarm.at_ms != null && <time className="quiet"> {time(alarm.at_ms)}</time>}
      </span>
      {alarm.code === "clock-not-trusted" && <Word />}
      {alarm.at_ms != null && (
        <Tap icon={<IconCheck />} onTap={see}>
          {t("alarm-seen")}
        </Tap>
      )}
    </div>
  );
}

/** The guard's word on the clock. */
function Word() {
  const t = useTexts();
  const deed = useDeed();
  return (
    <>
      <Press
        deed={deed}
        name="clock"
        icon={<IconClockCheck />}
        act={() => told(kiosk.POST("/api/clock/trust"))}
      >
        {t("alarm-clock-right")}
      </Press>
      <Failed error={deed.error} />
    </>
  );
}
