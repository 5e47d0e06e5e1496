/** Who is on duty, what the last ones said, and handing over to the next. */
import { IconArrowLeft, IconArrowRight, IconLanguage, IconLogout, IconUser } from "@tabler/icons-react";
import { useState } from "react";
import { type Doc, hub } from "~/api/kiosk";
import { useSpeech, useTexts } from "~/texts/texts";
import { Empty, Failed, Loaded } from "~/ui/states";
import { useTimes } from "~/ui/times";
import { Field, Keys } from "../keys/Keys";
import { useLive } from "../post/live";
import type { PlaceProps } from "../post/Post";
import { Press, Tap, useDeed } from "../post/Press";
import { PinPad } from "../session/PinPad";
import { useSession } from "../session/session";

export function Shift({ go }: PlaceProps) {
  const t = useTexts();
  const { state } = useLive();
  const { moment } = useTimes();
  const shift = hub.useQuery("get", "/api/shift");
  const [hands, setHands] = useState(false);
  if (hands) return <HandOver back={() => setHands(false)} done={() => go("arrivals")} />;
  return (
    <section className="shift">
      <div className="shift-who">
        <h2>{t("shift-on-duty", { guard: state.guard.name })}</h2>
        <p className="quiet">{t("shift-since", { moment: moment(state.guard.since_ms) })}</p>
        <Loaded query={shift}>{({ on_duty }) => <Others guards={on_duty} me={state.guard.id} />}</Loaded>
        <Tap kind="open" icon={<IconArrowRight />} onTap={() => setHands(true)}>
          {t("shift-hand-over")}
        </Tap>
        <Leave />
        <Speak />
        <p className="quiet small">
          {state.hub.name} · {t("shift-version", { version: state.hub.version })}
        </p>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys, too */}
      <section className="shift-notes" tabIndex={0} aria-label={t("shift-notes")}>
        <h2>{t("shift-notes")}</h2>
        <Loaded query={shift}>{({ handed_over }) => <Notes lines={handed_over} />}</Loaded>
      </section>
    </section>
  );
}

/** Guards at other screens. */
function Others({ guards, me }: { guards: Doc<"SignedIn">[]; me: string }) {
  const t = useTexts();
  const others = [...new Set(guards.filter(({ id }) => id !== me).map(({ name }) => name))];
  return others.length > 0 ? <p>{t("shift-others", { guards: others.join(", ") })}</p> : null;
}

function Notes({ lines }: { lines: Doc<"Line">[] }) {
  const t = useTexts();
  const { moment } = useTimes();
  if (lines.length === 0) return <Empty>{t("shift-no-notes")}</Empty>;
  return (
    <ul className="rows">
      {lines.map((line) => (
        <li className="row" key={line.id}>
          <div className="row-text">
            <div className="note">{line.note || <span className="quiet">{t("shift-no-note")}</span>}</div>
            <div className="quiet small">
              {line.guard} · {moment(line.at_ms)}
            </div>
          </div>
        </li>
      ))}
    </ul>
  );
}

function Leave() {
  const t = useTexts();
  const deed = useDeed();
  const { signOut } = useSession();
  return (
    <>
      <Press deed={deed} name="leave" icon={<IconLogout />} act={signOut}>
        {t("shift-leave")}
      </Press>
      <Failed error={deed.error} />
    </>
  );
}

function Speak() {
  const { t, language, speak } = useSpeech();
  const other = language === "ru" ? "en" : "ru";
  return (
    <Tap icon={<IconLanguage />} onTap={() => speak(other)}>
      {t(`language-${other}`)}
    </Tap>
  );
}

/** The next guard: who, what they are to know, their PIN. */
function HandOver({ back, done }: { back: () => void; done: () => void }) {
  const t = useTexts();
  const { state } = useLive();
  const { handOver } = useSession();
  const guards = hub.useQuery("get", "/api/guards");
  const [next, setNext] = useState<Doc<"Guard">>();
  const [note, setNote] = useState("");
  const [noted, setNoted] = useState(false);
  const before = () => (noted ? setNoted(false) : next ? setNext(undefined) : back());
  return (
    <section className="sheet">
      <div className="sheet-head">
        <Tap icon={<IconArrowLeft />} onTap={before}>
          {t("back")}
        </Tap>
        <h2>{next ? t("shift-to", { guard: next.name }) : t("shift-to-whom")}</h2>
        {next && !noted && (
          <Tap kind="open" icon={<IconArrowRight />} onTap={() => setNoted(true)}>
            {note.trim() ? t("shift-next") : t("shift-next-without")}
          </Tap>
        )}
      </div>
      {!next ? (
        <Loaded query={guards}>
          {({ guards }) => {
            const others = guards.filter(({ id }) => id !== state.guard.id);
            return others.length === 0 ? (
              <Empty>{t("shift-nobody-else")}</Empty>
            ) : (
              <div className="choices">
                {others.map((guard) => (
                  <Tap key={guard.id} icon={<IconUser />} onTap={() => setNext(guard)}>
                    {guard.name}
                  </Tap>
                ))}
              </div>
            );
          }}
        </Loaded>
      ) : noted ? (
        <PinPad confirm={t("shift-take")} enter={(pin) => handOver(next.id, pin, note).then(done)} />
      ) : (
        <>
          <Field label={t("shift-note")} value={note} onChange={setNote} chosen />
          <Keys layout="words" value={note} onChange={setNote} />
        </>
      )}
    </section>
  );
}
