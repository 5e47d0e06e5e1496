/** Somebody who waits for the guard's word: what is known of them, and what can be done. */
import { IconBan, IconDoorEnter, IconHomeQuestion } from "@tabler/icons-react";
import { useState } from "react";
import { type Doc, kiosk, told } from "~/api/kiosk";
import { useTexts } from "~/texts/texts";
import { Plate } from "~/ui/Plate";
import { HousePad } from "../houses/HousePad";
import { Against } from "../post/Against";
import { useLive } from "../post/live";
import { Press, Tap, useDeed } from "../post/Press";
import { Since } from "../post/Since";
import { Crop } from "./Crop";
import { Lane } from "./Lane";
import { Question } from "./Question";
import { Refuse } from "./Refuse";

type Arrived = Doc<"Arrived">;
type Opening = { candidate?: string; insist?: boolean; note?: string };

export function Waiting({ waiting }: { waiting: Arrived }) {
  const t = useTexts();
  const { state } = useLive();
  // It may have come into the place of another under the guard's finger.
  const deed = useDeed({ settles: true });
  const [asks, setAsks] = useState<"reason" | "house">();
  // What was judged and may not open: the guard may insist.
  const [tried, setTried] = useState<Opening>({});
  const paramsOf = (form: unknown) => ({ path: { entry: waiting.entry }, header: deed.once(form) });
  const open = (body: Opening) => () => {
    setTried(body);
    return told(kiosk.POST("/api/arrivals/{entry}/open", { params: paramsOf(["open", body]), body }));
  };
  const refuse = (reason: string) =>
    told(
      kiosk.POST("/api/arrivals/{entry}/refuse", { params: paramsOf(["refuse", reason]), body: { reason } }),
    );
  const ask = (house?: string) => () =>
    told(kiosk.POST("/api/arrivals/{entry}/ask", { params: paramsOf(["ask", house]), body: { house } }));
  // What is shown above already is no choice.
  const candidates = waiting.candidates.filter(
    ({ plate, verdict }) => verdict === "open" || plate !== waiting.plate,
  );
  const camera = state.cameras.filter(({ gate, lane }) => gate === waiting.gate_key && lane === waiting.lane);
  const back = () => setAsks(undefined);

  if (asks === "reason") {
    return <Refuse deed={deed} back={back} refuse={refuse} />;
  }
  if (asks === "house") {
    return (
      <HousePad deed={deed} back={back} title={t("waiting-which-house")}>
        {(house) => (
          <Press
            deed={deed}
            name={house.id}
            kind="ask"
            icon={<IconHomeQuestion />}
            act={() => ask(house.id)().then(back)}
          >
            {t("waiting-ask-house", { house: house.label })}
          </Press>
        )}
      </HousePad>
    );
  }
  return (
    <section
      className="waiting"
      data-asked={waiting.question ? true : undefined}
      aria-label={t("waiting", { plate: waiting.plate_shown, read: waiting.plate_shown ? "yes" : "no" })}
    >
      <div className="waiting-seen">
        <Lane cameras={camera} />
        <Crop hash={waiting.crop} shown={waiting.plate_shown} />
      </div>
      <div className="waiting-known" role="status">
        <div className="waiting-head">
          <Plate shown={waiting.plate_shown} size="var(--plate)" />
          {!waiting.plate_shown && <strong>{t("arrivals-unread")}</strong>}
          <Since ms={waiting.since_ms} says />
        </div>
        <p className="waiting-why">
          {waiting.reason_text}
          {waiting.name && ` · ${waiting.name}`}
        </p>
        {waiting.house_label && (
          <p className="waiting-house">{t("house-label", { house: waiting.house_label })}</p>
        )}
      </div>
      <Question waiting={waiting} open={(note) => open({ note })()} refuse={refuse} />
      <Against deed={deed} insist={open({ ...tried, insist: true })} />
      {candidates.length > 0 && (
        <fieldset className="candidates" aria-label={t("waiting-maybe")}>
          {candidates.map((candidate) => (
            <Press
              key={candidate.plate}
              deed={deed}
              name={candidate.plate}
              kind={candidate.verdict === "open" ? "open" : "plain"}
              icon={<IconDoorEnter />}
              act={open({ candidate: candidate.plate })}
            >
              <Plate shown={candidate.plate_shown} />{" "}
              {candidate.verdict === "open"
                ? t("waiting-let-in-house", { house: candidate.house_label })
                : candidate.reason_text}
            </Press>
          ))}
        </fieldset>
      )}
      <div className="waiting-acts">
        <Press
          deed={deed}
          name="open"
          kind={candidates.length > 0 ? "plain" : "open"}
          icon={<IconDoorEnter />}
          act={open({})}
        >
          {candidates.length > 0 ? t("waiting-let-in-anyway") : t("waiting-let-in")}
        </Press>
        <Tap kind="refuse" icon={<IconBan />} onTap={() => setAsks("reason")}>
          {t("waiting-refuse")}
        </Tap>
        {waiting.house && !waiting.question ? (
          <Press deed={deed} name="ask" kind="ask" icon={<IconHomeQuestion />} act={ask()}>
            {t("waiting-ask-house", { house: waiting.house_label })}
          </Press>
        ) : (
          <Tap kind="ask" icon={<IconHomeQuestion />} onTap={() => setAsks("house")}>
            {waiting.question ? t("waiting-ask-other") : t("waiting-ask")}
          </Tap>
        )}
      </div>
    </section>
  );
}
