/** The guard's post: what is always in sight (how everything stands, who waits, what is wrong), and one place at a time. */
import {
  IconBook2,
  IconClipboardList,
  IconHome,
  IconPhoneCall,
  IconSwitchHorizontal,
  IconUserPlus,
} from "@tabler/icons-react";
import { type ComponentType, useEffect, useRef, useState } from "react";
import { refusalOf } from "~/api/kiosk";
import { useTexts } from "~/texts/texts";
import { Plate } from "~/ui/Plate";
import { Loading } from "~/ui/states";
import { Zone } from "~/ui/times";
import { Arrivals } from "../arrivals/Arrivals";
import { GateIcon } from "../gates/GateIcon";
import { Houses } from "../houses/Houses";
import { Journal } from "../journal/Journal";
import { Expected } from "../passes/Expected";
import { Telephone } from "../passes/Telephone";
import { Shift } from "../shift/Shift";
import { Visitor } from "../visitors/Visitor";
import { Alarms } from "./Alarms";
import { Hub, useLive } from "./live";
import { Tap } from "./Press";
import { Silence } from "./Silence";
import { StatusLine } from "./StatusLine";

export type Place = "arrivals" | "visitor" | "telephone" | "expected" | "journal" | "houses" | "shift";
/** What a place is given: where to go when it is done. */
export type PlaceProps = { go: (place: Place) => void };

const PLACES: [Place, ComponentType<{ "aria-hidden": true }>, ComponentType<PlaceProps>][] = [
  ["arrivals", GateIcon, Arrivals],
  ["visitor", IconUserPlus, Visitor],
  ["telephone", IconPhoneCall, Telephone],
  ["expected", IconClipboardList, Expected],
  ["journal", IconBook2, Journal],
  ["houses", IconHome, Houses],
  ["shift", IconSwitchHorizontal, Shift],
];

export function Post({ signedIn }: { signedIn: boolean }) {
  const before = (error: unknown) => (error ? <Silence problem={refusalOf(error)?.detail} /> : <Loading />);
  return (
    <Hub signedIn={signedIn} before={before}>
      <Frame />
    </Hub>
  );
}

function Frame() {
  const t = useTexts();
  const { state, answers } = useLive();
  const [place, go] = useState<Place>("arrivals");
  const heading = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever goes somewhere reads on from its heading
  useEffect(() => heading.current?.focus({ preventScroll: true }), [place]);
  const Shown = PLACES.find(([name]) => name === place)?.[2] ?? Arrivals;
  const waiting = state.waiting.length;
  useEffect(() => {
    document.title = waiting > 0 ? `(${waiting}) ${state.hub.name}` : state.hub.name;
  }, [waiting, state.hub.name]);
  return (
    <Zone.Provider value={state.hub.time_zone}>
      <div
        className="post"
        data-waits={waiting > 0 || undefined}
        data-fire={state.gates.some((gate) => gate.status.fire) || undefined}
      >
        <StatusLine />
        <nav className="rail" aria-label={t("post-places")}>
          {PLACES.map(([name, Icon]) => (
            <button
              type="button"
              key={name}
              className="rail-place"
              aria-current={name === place ? "page" : undefined}
              onClick={() => go(name)}
            >
              <Icon aria-hidden />
              <span>{t(`post-place-${name}`)}</span>
              {name === "arrivals" && waiting > 0 && (
                <span className="rail-count">
                  <span aria-hidden>{waiting}</span>
                  <span className="unseen">{t("post-waiting", { count: waiting })}</span>
                </span>
              )}
            </button>
          ))}
        </nav>
        <main className="place">
          <h1 className="unseen" ref={heading} tabIndex={-1}>
            {t(`post-place-${place}`)}
          </h1>
          {answers ? <Alarms /> : <Silence />}
          {place !== "arrivals" && <Waits go={go} />}
          {/* What cannot be done is not offered. */}
          <fieldset className="acts" disabled={!answers}>
            <Shown go={go} />
          </fieldset>
        </main>
      </div>
    </Zone.Provider>
  );
}

/** Somebody waits while the guard is elsewhere. */
function Waits({ go }: PlaceProps) {
  const t = useTexts();
  const { state } = useLive();
  const first = state.waiting[0];
  if (!first) return null;
  return (
    <div className="waits">
      <Tap kind="ask" icon={<GateIcon aria-hidden />} onTap={() => go("arrivals")}>
        {t("post-waiting", { count: state.waiting.length })} <Plate shown={first.plate_shown} />
      </Tap>
    </div>
  );
}
