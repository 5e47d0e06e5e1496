/** Arrivals with their pictures. */
import { IconCar, IconHandClick, IconPhotoOff } from "@tabler/icons-react";
import { useState } from "react";
import { useCommunity, useHere } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Dialog } from "~/ui/Dialog";
import { Plate } from "~/ui/Plate";
import { useTimes } from "~/ui/times";
import type { Arrival, Line } from "./arrivals";
import "./journal.css";

/** `withDay` where they do not stand under their day. */
export function Arrivals({ arrivals, withDay }: { arrivals: Arrival[]; withDay?: boolean }) {
  return (
    <ul className="rows">
      {arrivals.map((arrival) => (
        <OneArrival key={arrival.line.id} arrival={arrival} withDay={withDay} />
      ))}
    </ul>
  );
}

function OneArrival({
  arrival: { line, later },
  withDay,
}: {
  arrival: Arrival;
  withDay: boolean | undefined;
}) {
  const t = useTexts();
  const { time, moment } = useTimes();
  const { houses } = useHere();
  const shown = line.crop ? line : later.find(({ crop }) => crop);
  // Where there is one house, it is clear which.
  const home = houses.length < 2 ? t("house-label", { house: line.house_label }) : "";
  const known = [line.plate_shown, line.name, home];
  const isSomebody = line.plate_shown || line.name;
  const text = said(line, known);
  return (
    <li className="row arrival" data-verdict={line.verdict ?? undefined}>
      {shown ? <Picture line={shown} /> : <NoPicture line={line} />}
      <div className="row-text">
        {isSomebody && (
          <div className="arrival-who">
            <Plate shown={line.plate_shown} />
            {line.name && <strong>{line.name}</strong>}
          </div>
        )}
        <div>{text}</div>
        <div className="quiet small">
          <time dateTime={new Date(line.at_ms).toISOString()}>{(withDay ? moment : time)(line.at_ms)}</time>
          {line.gate_name && ` · ${line.gate_name}`}
          {!line.trusted && ` · ${t("journal-time-not-trusted")}`}
        </div>
        {later.map((one) => (
          <div key={one.id} className="quiet small">
            {time(one.at_ms)} · {said(one, [...known, ...line.text.split(" · ")])}
          </div>
        ))}
      </div>
    </li>
  );
}

/** The API's words, without what stands beside them already. */
function said(line: Line, known: string[]): string {
  const parts = line.text.split(" · ");
  return parts.filter((part, nth) => nth === 0 || !known.includes(part)).join(" · ");
}

function NoPicture({ line }: { line: Line }) {
  const Icon = line.reason === "button" ? IconHandClick : IconCar;
  return (
    <span className="picture picture-none">
      <Icon aria-hidden size={28} />
    </span>
  );
}

/** What the camera saw, as soon as it is scrolled to; larger when it is pressed. */
function Picture({ line }: { line: Line }) {
  const t = useTexts();
  const community = useCommunity();
  const { moment } = useTimes();
  const [isGone, setGone] = useState(false);
  const [isLarge, setLarge] = useState(false);
  const source = `/api/v1/communities/${community}/journal/${line.id}/picture`;
  const of = { plate: line.plate_shown || "—", moment: moment(line.at_ms) };
  if (isGone) {
    return (
      <span className="picture picture-none">
        <IconPhotoOff aria-hidden size={28} />
        <span className="unseen">{t("journal-picture-away")}</span>
      </span>
    );
  }
  return (
    <>
      <button type="button" className="picture" onClick={() => setLarge(true)}>
        <img src={source} alt={t("journal-picture", of)} loading="lazy" onError={() => setGone(true)} />
      </button>
      <Dialog opened={isLarge} onClose={() => setLarge(false)} title={t("journal-picture", of)} size="lg">
        <img src={source} alt={t("journal-picture", of)} className="picture-large" />
      </Dialog>
    </>
  );
}
