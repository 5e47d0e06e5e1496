/** One honest line: gates, cameras, internet, clock, journal. Where the hub does not answer, nobody knows how they stand. */
import { IconAlertTriangle, IconCircleCheck, IconMoon, IconSun } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Doc } from "~/api/kiosk";
import { useTexts } from "~/texts/texts";
import { useTimes } from "~/ui/times";
import { Bell } from "./Bell";
import { useLive, useNow } from "./live";
import { useNight } from "./night";

export function StatusLine() {
  const t = useTexts();
  const { state, answers } = useLive();
  const { gates, cameras, link } = state;
  // The line has room for a word each; the gate itself has all of them.
  const word = ({ status, status_text }: Doc<"Gate">) =>
    status.connected === false
      ? t("status-lost")
      : status.fire
        ? t("status-fire")
        : status.hold
          ? t("status-held")
          : status_text;
  const stuck = state.alarms.some(({ code }) => code === "store-failed");
  return (
    <header className="status">
      {answers ? (
        <ul aria-label={t("status")}>
          {gates.map((gate) => (
            <Sign key={gate.key} name={gate.name} wrong={isWrong(gate)}>
              {word(gate)}
            </Sign>
          ))}
          {cameras.map((camera) => (
            <Sign
              key={camera.key}
              name={cameras.length > 1 ? camera.name : t("status-camera")}
              wrong={!camera.live}
            >
              {camera.live ? t("status-sees") : camera.shows ? t("status-blind") : t("status-no-picture")}
            </Sign>
          ))}
          <Sign name={t("status-internet")} wrong={link.state !== "there" && link.state !== "none"}>
            {t(`status-link-${link.state}`)}
          </Sign>
          <Sign name={t("status-clock")} wrong={!state.clock_trusted}>
            <Clock /> {!state.clock_trusted && t("status-doubtful")}
          </Sign>
          <Sign name={t("status-journal")} wrong={stuck}>
            {stuck ? t("status-stuck") : t("status-written")}
          </Sign>
        </ul>
      ) : (
        <p className="status-unknown">
          <IconAlertTriangle aria-hidden /> {t("status-unknown")}
        </p>
      )}
      <Bell />
      <Turn />
    </header>
  );
}

function isWrong({ status }: Doc<"Gate">): boolean {
  return status.connected === false || status.fire || status.position === "unknown" || status.hold !== null;
}

function Sign({ name, wrong, children }: { name: string; wrong: boolean; children: ReactNode }) {
  return (
    <li className="sign" data-wrong={wrong || undefined}>
      {wrong ? <IconAlertTriangle aria-hidden size={20} /> : <IconCircleCheck aria-hidden size={20} />}
      <span className="sign-name">{name}</span>
      <span className="sign-word">{children}</span>
    </li>
  );
}

function Clock() {
  return <time>{useTimes().time(useNow())}</time>;
}

function Turn() {
  const t = useTexts();
  const { state, now } = useLive();
  const [looks, turn] = useNight(state.hub.time_zone, now);
  return (
    <button type="button" className="press status-turn" data-kind="plain" onClick={turn}>
      {looks === "dark" ? <IconSun aria-hidden /> : <IconMoon aria-hidden />}
      <span className="unseen">{looks === "dark" ? t("status-day") : t("status-night")}</span>
    </button>
  );
}
