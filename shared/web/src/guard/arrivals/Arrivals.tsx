/** Who waits, who came, and the gates: where the guard is. */
import { useState } from "react";
import { useTexts } from "~/texts/texts";
import { Plate } from "~/ui/Plate";
import { Gates } from "../gates/Gates";
import { useLive } from "../post/live";
import type { PlaceProps } from "../post/Post";
import { Since } from "../post/Since";
import { Lane } from "./Lane";
import { Latest } from "./Latest";
import { Waiting } from "./Waiting";
import "./arrivals.css";

export function Arrivals(_: PlaceProps) {
  const t = useTexts();
  const { state } = useLive();
  const [chosen, choose] = useState<string>();
  // The one who was chosen, while they wait; else whoever has waited longest.
  const shown = state.waiting.find(({ entry }) => entry === chosen) ?? state.waiting[0];
  return (
    <div className="arrivals">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys, too */}
      <section className="arrivals-main" tabIndex={0} aria-label={t("arrivals")}>
        {state.waiting.length > 1 && (
          <ul className="strip" aria-label={t("arrivals-all")}>
            {state.waiting.map((one) => (
              <li key={one.entry}>
                <button
                  type="button"
                  className="press"
                  data-kind="plain"
                  aria-pressed={one.entry === shown?.entry}
                  onClick={() => choose(one.entry)}
                >
                  {one.plate_shown ? <Plate shown={one.plate_shown} size="1rem" /> : t("arrivals-unread")}
                  <Since ms={one.since_ms} />
                </button>
              </li>
            ))}
          </ul>
        )}
        {shown ? (
          <Waiting key={shown.entry} waiting={shown} />
        ) : (
          <>
            <p className="nobody">{t("arrivals-nobody")}</p>
            <div className="lanes">
              <Lane cameras={state.cameras} />
            </div>
          </>
        )}
        <Latest />
      </section>
      <Gates />
    </div>
  );
}
