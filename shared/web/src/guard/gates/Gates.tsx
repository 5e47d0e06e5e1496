/** The gates as sensors see them, and the guard's word to each. */
import { IconArrowBarToDown, IconDoorEnter, IconDoorExit, IconLock, IconLockOpen } from "@tabler/icons-react";
import { type Doc, kiosk, told } from "~/api/kiosk";
import { useTexts } from "~/texts/texts";
import { Failed } from "~/ui/states";
import { useTimes } from "~/ui/times";
import { useLive } from "../post/live";
import { Press, useDeed } from "../post/Press";
import "./gates.css";

export function Gates() {
  const t = useTexts();
  const { state } = useLive();
  return (
    <section className="gates" aria-label={t("gates")}>
      {state.gates.map((gate) => (
        <Gate key={gate.key} gate={gate} />
      ))}
    </section>
  );
}

/** The lane that leads in or out; empty where a gate has none. */
export function laneOf(gate: Doc<"Gate">, direction: Doc<"Direction">): string {
  return gate.lanes.find((lane) => lane.direction === direction)?.key ?? "";
}

function Gate({ gate }: { gate: Doc<"Gate"> }) {
  const t = useTexts();
  const deed = useDeed();
  const { status } = gate;
  const paramsOf = (word: string) => ({ path: { key: gate.key }, header: deed.once(word) });
  const open = (lane: string) => () => {
    const params = paramsOf(`open ${lane}`);
    return told(kiosk.POST("/api/gates/{key}/open", { params, body: { lane } }));
  };
  const out = laneOf(gate, "exit");
  return (
    <section className="gate" data-position={status.position} aria-labelledby={`gate-${gate.key}`}>
      <div className="gate-head">
        <h2 id={`gate-${gate.key}`}>{gate.name}</h2>
        <div className="gate-state" role="status">
          {status.connected === false ? t("gate-lost") : gate.status_text}
          {status.hold && <Holder hold={status.hold} />}
        </div>
      </div>
      <div className="gate-acts">
        <Press deed={deed} name="in" kind="open" icon={<IconDoorEnter />} act={open(laneOf(gate, "entry"))}>
          {out ? t("gate-in") : t("gate-open")}
        </Press>
        {out && (
          <Press deed={deed} name="out" kind="open" icon={<IconDoorExit />} act={open(out)}>
            {t("gate-out")}
          </Press>
        )}
        {status.hold ? (
          <Press
            deed={deed}
            name="release"
            kind="ask"
            icon={<IconLock />}
            act={() => told(kiosk.POST("/api/gates/{key}/release", { params: paramsOf("release") }))}
          >
            {t("gate-release")}
          </Press>
        ) : (
          <Press
            deed={deed}
            name="hold"
            icon={<IconLockOpen />}
            act={() => told(kiosk.POST("/api/gates/{key}/hold", { params: paramsOf("hold") }))}
          >
            {t("gate-hold")}
          </Press>
        )}
        {gate.kind === "barrier" && (
          <Press
            deed={deed}
            name="close"
            icon={<IconArrowBarToDown />}
            act={() => told(kiosk.POST("/api/gates/{key}/close", { params: paramsOf("close") }))}
          >
            {t("gate-close")}
          </Press>
        )}
      </div>
      <Failed error={deed.error} />
      <Last gate={gate} />
    </section>
  );
}

/** Who holds it open, and since when. */
function Holder({ hold }: { hold: Doc<"Hold"> }) {
  const t = useTexts();
  const { time } = useTimes();
  return (
    <span className="quiet"> {t("gate-held-by", { guard: hold.guard, time: time(hold.since_ms) })}</span>
  );
}

/** For whom it was opened last. */
function Last({ gate }: { gate: Doc<"Gate"> }) {
  const t = useTexts();
  const { time } = useTimes();
  const last = gate.status.last;
  if (!last) return null;
  const opened = [
    t("gate-opened-at", { time: time(last.at_ms) }),
    last.plate_shown,
    last.house_label && t("house-label", { house: last.house_label }),
    last.guard,
  ];
  return <p className="gate-last quiet small">{opened.filter(Boolean).join(" · ")}</p>;
}
