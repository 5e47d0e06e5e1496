/** A gate: a big button for each lane, and what really happened. */
import { Loader } from "@mantine/core";
import { useNetwork } from "@mantine/hooks";
import {
  IconAlertTriangle,
  IconArrowBigDownLine,
  IconArrowBigUpLine,
  IconCircleCheck,
  IconCloudOff,
  IconDoorEnter,
  IconHistory,
  IconSend,
  IconWifiOff,
} from "@tabler/icons-react";
import { problemOf } from "~/api/answers";
import type { Doc } from "~/api/client";
import { type Texts, useTexts } from "~/texts/texts";
import { type Times, useTimes } from "~/ui/times";
import { isOver, type Press, useOpening } from "./opening";

type GateDoc = Doc<"Gate">;
type Lane = Doc<"GateLane">;
/** Why it cannot be opened from here, before anybody tries: the gatehouse is away, or this device is. */
type Away = "away" | "offline";

export function Gate({ gate }: { gate: GateDoc }) {
  const { moment } = useTimes();
  const { online } = useNetwork();
  const away = online ? (gate.is_here ? undefined : "away") : "offline";
  const lanes: (Lane | undefined)[] = gate.lanes.length ? gate.lanes : [undefined];
  return (
    <section className="gate">
      <div className="gate-head">
        <h2>{gate.name}</h2>
        {gate.seen && (
          <span className="quiet small">
            {gate.seen.text} · {moment(gate.seen.at_ms)}
          </span>
        )}
      </div>
      {lanes.map((lane) => (
        <LaneButton key={lane?.key ?? ""} gate={gate} lane={lane} away={away} />
      ))}
    </section>
  );
}

function LaneButton({ gate, lane, away }: { gate: GateDoc; lane: Lane | undefined; away: Away | undefined }) {
  const t = useTexts();
  const times = useTimes();
  const { press, open } = useOpening(gate.id, lane?.key);
  const busy = !isOver(press);
  const said = saidOf(press, t, times);
  return (
    <div className="lane" data-tone={said?.tone}>
      <button
        type="button"
        className="lane-open"
        disabled={!!away && !busy}
        aria-disabled={busy || undefined}
        onClick={open}
      >
        {busy ? <Loader aria-hidden size={32} color="currentColor" /> : <LaneIcon gate={gate} lane={lane} />}
        <span>
          <span className="unseen">{t("gate-open-of", { gate: gate.name })} </span>
          {laneLabel(gate, lane, t)}
          {away && !busy && (
            <span className="lane-away">
              {away === "away" ? <IconCloudOff aria-hidden /> : <IconWifiOff aria-hidden />}
              {t(`gate-not-${away}`)}
            </span>
          )}
        </span>
      </button>
      <p className="lane-said" role="status">
        {said && (
          <>
            <said.icon aria-hidden />
            <span>
              {said.text} <span className="lane-when">{said.when}</span>
            </span>
          </>
        )}
      </p>
    </div>
  );
}

function LaneIcon({ gate, lane }: { gate: GateDoc; lane: Lane | undefined }) {
  if (gate.kind === "wicket" || !lane) return <IconDoorEnter aria-hidden size={36} />;
  return lane.direction === "exit" ? (
    <IconArrowBigDownLine aria-hidden size={36} />
  ) : (
    <IconArrowBigUpLine aria-hidden size={36} />
  );
}

/** What a button says: which way, where there are several. */
function laneLabel({ lanes }: GateDoc, lane: Lane | undefined, t: Texts): string {
  if (!lane || lanes.length < 2) return t("gate-open");
  const alike = lanes.filter(({ direction }) => direction === lane.direction);
  return alike.length > 1 ? `${lane.direction_text} ${lane.key}` : lane.direction_text;
}

type Said = {
  tone: "calm" | "good" | "warning" | "wrong";
  icon: typeof IconCircleCheck;
  text: string;
  when: string;
};

/** What there is to say of a press, in the API's words where it has any. */
function saidOf(press: Press, t: Texts, { time, second }: Times): Said | undefined {
  switch (press.phase) {
    case "none":
      return undefined;
    case "pressed":
      return { tone: "calm", icon: IconSend, text: t("gate-pressed"), when: time(press.at_ms) };
    case "earlier": {
      const { text, at_ms } = press.opening;
      return {
        tone: "calm",
        icon: IconHistory,
        text: t("gate-earlier", { text, at: second(at_ms) }),
        when: "",
      };
    }
    case "lost":
      return { tone: "warning", icon: IconAlertTriangle, text: t("gate-lost"), when: time(press.at_ms) };
    case "failed": {
      const text = problemOf(press.error)?.detail ?? t("gate-no-answer");
      return { tone: "wrong", icon: IconAlertTriangle, text, when: time(press.at_ms) };
    }
    case "told": {
      const { opening, cut } = press;
      const when = time(opening.at_ms);
      if (cut)
        return { tone: "warning", icon: IconWifiOff, text: t("gate-cut", { text: opening.text }), when };
      if (opening.state === "opened")
        return { tone: "good", icon: IconCircleCheck, text: opening.text, when };
      if (!opening.is_over) return { tone: "calm", icon: IconSend, text: opening.text, when };
      const isNo = opening.state === "refused" || opening.state === "failed";
      return { tone: isNo ? "wrong" : "warning", icon: IconAlertTriangle, text: opening.text, when };
    }
  }
}
