/** A pass that a house asks for by telephone. */
import { IconCheck, IconDoorEnter, IconTicket } from "@tabler/icons-react";
import { useState } from "react";
import { wrongWith } from "~/api/answers";
import { type Doc, kiosk, told } from "~/api/kiosk";
import { useTexts } from "~/texts/texts";
import { Plate } from "~/ui/Plate";
import { Failed, Said } from "~/ui/states";
import { useHouse } from "../houses/houses";
import { WhichHouse } from "../houses/WhichHouse";
import { Field, Keys } from "../keys/Keys";
import type { Layout } from "../keys/layouts";
import type { PlaceProps } from "../post/Post";
import { Press, Tap, useDeed } from "../post/Press";

const KINDS = ["taxi", "courier", "guest"] as const;
type Kind = (typeof KINDS)[number];
/** How long a guest may come, in hours. */
const HOURS = [3, 12, 24];
const WRITTEN = { number: "number", plate: "plate", name: "words" } satisfies Record<string, Layout>;
type Form = Record<keyof typeof WRITTEN, string> & { kind: Kind; hours: number; code: boolean };
const EMPTY: Form = { number: "", plate: "", name: "", kind: "taxi", hours: 12, code: false };

export function Telephone({ go }: PlaceProps) {
  const t = useTexts();
  const deed = useDeed();
  const [form, setForm] = useState(EMPTY);
  const [writes, setWrites] = useState<keyof typeof WRITTEN>("number");
  const [issued, setIssued] = useState<Doc<"ExpectedPass">>();
  const { house, near, error } = useHouse(form.number);
  const change = (part: Partial<Form>) => setForm({ ...form, ...part });

  const issue = async () => {
    if (!house) return;
    const { kind, plate, name, code, hours } = form;
    const minutes = kind === "guest" ? hours * 60 : undefined;
    const body = { house: house.id, kind, plate, name, code, minutes };
    setIssued(await told(kiosk.POST("/api/passes", { params: { header: deed.once(body) }, body })));
  };
  const again = () => {
    setIssued(undefined);
    setForm(EMPTY);
    setWrites("number");
  };
  if (issued) return <Issued pass={issued} again={again} done={() => go("arrivals")} />;

  const field = (name: keyof typeof WRITTEN, label: string, wrong: string) => (
    <Field
      label={label}
      value={form[name]}
      onChange={(value) => change({ [name]: value })}
      onChoose={() => setWrites(name)}
      chosen={writes === name}
      error={wrongWith(deed.error, wrong)}
    />
  );
  const atField = ["house", "plate", "name"].some((name) => wrongWith(deed.error, name));
  const keys = (
    <Keys layout={WRITTEN[writes]} value={form[writes]} onChange={(value) => change({ [writes]: value })} />
  );
  return (
    <section className="telephone">
      <div className="field-row">
        {field("number", t("house-number"), "house")}
        {field("plate", t("telephone-plate"), "plate")}
        {field("name", t("telephone-name"), "name")}
        <Press
          deed={deed}
          name="issue"
          kind="open"
          icon={<IconTicket />}
          act={issue}
          disabled={!house || !(form.plate || form.name.trim() || form.code)}
        >
          {t("telephone-issue")}
        </Press>
      </div>
      {!atField && <Failed error={deed.error ?? error} />}
      <div className="beside" data-under={writes === "name" || undefined}>
        <div className="beside-keys">{keys}</div>
        <div className="beside-rest">
          <fieldset className="choice" aria-label={t("telephone-kind")}>
            {KINDS.map((kind) => (
              <Tap key={kind} chosen={form.kind === kind} onTap={() => change({ kind })}>
                {t(`telephone-${kind}`)}
              </Tap>
            ))}
          </fieldset>
          {form.kind === "guest" && (
            <fieldset className="choice" aria-label={t("telephone-how-long")}>
              {HOURS.map((hours) => (
                <Tap key={hours} chosen={form.hours === hours} onTap={() => change({ hours })}>
                  {t("telephone-hours", { hours })}
                </Tap>
              ))}
            </fieldset>
          )}
          <Tap chosen={form.code} onTap={() => change({ code: !form.code })}>
            {t("telephone-code")}
          </Tap>
          <WhichHouse
            number={form.number}
            house={house}
            near={near}
            choose={(number) => change({ number })}
          />
        </div>
      </div>
    </section>
  );
}

function Issued({ pass, again, done }: { pass: Doc<"ExpectedPass">; again: () => void; done: () => void }) {
  const t = useTexts();
  return (
    <section className="sheet">
      <Said>
        <h2>
          <IconCheck aria-hidden /> {t("telephone-issued")}
        </h2>
        <p>
          {[pass.kind_text, t("house-label", { house: pass.house_label }), pass.name]
            .filter(Boolean)
            .join(" · ")}
        </p>
        <Plate shown={pass.plate_shown} size="2rem" />
        {pass.code && (
          <p>
            {t("telephone-code-is")} <strong className="code">{pass.code}</strong>
          </p>
        )}
        <p>{pass.window_text}</p>
      </Said>
      <div className="choice">
        <Tap icon={<IconTicket />} onTap={again}>
          {t("telephone-another")}
        </Tap>
        <Tap icon={<IconDoorEnter />} kind="open" onTap={done}>
          {t("telephone-done")}
        </Tap>
      </div>
    </section>
  );
}
