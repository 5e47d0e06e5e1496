/** A new pass: who, when, and nothing that its kind does not need. */
import { Button, NativeSelect, Switch, Textarea, TextInput } from "@mantine/core";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useContext, useState } from "react";
import { problemOf, wrongWith } from "~/api/answers";
import { api } from "~/api/client";
import { useHere } from "~/session/session";
import { useSpeech } from "~/texts/texts";
import { LAST_DAY } from "~/ui/days";
import { Page } from "~/ui/Page";
import { Plate } from "~/ui/Plate";
import { Empty, Failed, Loading } from "~/ui/states";
import { useTimes, Zone } from "~/ui/times";
import { HouseChoice, housesFor } from "../houses";
import { Choices } from "./Choices";
import { useDeciders } from "./deciders";
import { useIssue } from "./issue";
import { KindIcon } from "./PassRow";
import { KINDS, type Kind } from "./passes";
import { blank, type Form, shifted, wanted } from "./terms";
import "./passes.css";

/** Fields whose errors are shown at them. */
const PLACED = [
  "plate",
  "name",
  "note",
  "code",
  "day",
  "window",
  "minutes",
  "weekly",
  "days",
  "hours",
  "until",
  "entries",
];
const MINUTES = ["30", "60", "120", "240"];
const REMEMBERED = 8;

export function NewPass() {
  const { t } = useSpeech();
  const here = useHere();
  const { kind = "" } = useParams({ strict: false });
  const known: Kind = KINDS.find((each) => each === kind) ?? "guest";
  const houses = housesFor(here, "IssuePass");
  return (
    <Page title={t("pass-new")}>
      <nav className="kinds" aria-label={t("pass-kind")}>
        {KINDS.map((each) => (
          <Link
            key={each}
            to="/passes/new/$kind"
            params={{ kind: each }}
            replace
            className={each === known ? "kind kind-now" : "kind"}
            aria-current={each === known ? "page" : undefined}
          >
            <KindIcon kind={each} />
            <span>{t(`pass-kind-${each}`)}</span>
          </Link>
        ))}
      </nav>
      {!here.may("IssuePass") ? (
        <Empty>{t("pass-not-allowed")}</Empty>
      ) : houses.length ? (
        <Filled key={known} kind={known} houses={houses} />
      ) : (
        <Loading />
      )}
    </Page>
  );
}

function Filled({ kind, houses }: { kind: Kind; houses: { id: string; label: string }[] }) {
  const { t } = useSpeech();
  const zone = useContext(Zone);
  const navigate = useNavigate();
  const { date } = useTimes();
  const today = date(Date.now());
  const [house, choose] = useState(houses[0]?.id ?? "");
  const [form, setForm] = useState(() => blank(kind, today));
  const deciders = useDeciders();
  const [decider, setDecider] = useState("");
  const { issue, busy, error } = useIssue();
  const set = (changes: Partial<Form>) => setForm((form) => ({ ...form, ...changes }));
  const typed = (name: keyof Form) => (event: { currentTarget: { value: string } }) =>
    set({ [name]: event.currentTarget.value });
  const send = async () => {
    const counts = kind !== "recurring" && deciders.length > 1;
    const pass = await issue(house, {
      ...wanted(kind, form, zone),
      decider: counts ? decider || deciders[0]?.hub : undefined,
    });
    if (pass) navigate({ to: "/passes/$pass", params: { pass: pass.id }, replace: true });
  };
  const field = problemOf(error)?.field;
  return (
    <form
      className="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <HouseChoice houses={houses} house={house} choose={choose} />
      {kind !== "taxi" && <Remembered house={house} choose={({ plate, name }) => set({ plate, name })} />}
      <div className="side-by-side">
        <TextInput
          label={t("pass-plate")}
          description={t("pass-plate-either-alphabet")}
          value={form.plate}
          onChange={typed("plate")}
          error={wrongWith(error, "plate")}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
        />
        <TextInput
          label={kind === "event" ? t("pass-occasion") : t("pass-name")}
          description={t("pass-plate-or-name")}
          value={form.name}
          onChange={typed("name")}
          error={wrongWith(error, "name")}
          autoComplete="off"
        />
      </div>
      <When kind={kind} form={form} set={set} today={today} error={error} />
      <Switch
        label={t("pass-with-code")}
        description={t("pass-with-code-about")}
        checked={form.code}
        onChange={(event) => set({ code: event.currentTarget.checked })}
        error={wrongWith(error, "code")}
      />
      {kind !== "recurring" && deciders.length > 1 && (
        <NativeSelect
          label={t("pass-decider")}
          value={decider || deciders[0]?.hub}
          onChange={(event) => setDecider(event.currentTarget.value)}
          data={deciders.map(({ hub, gates }) => ({ value: hub, label: gates.join(", ") }))}
          error={wrongWith(error, "decider")}
        />
      )}
      <Textarea
        label={t("pass-note")}
        value={form.note}
        onChange={typed("note")}
        error={wrongWith(error, "note")}
      />
      {!(field && PLACED.includes(field)) && <Failed error={error} />}
      <Button type="submit" size="lg" mih={56} loading={busy}>
        {t("pass-issue")}
      </Button>
    </form>
  );
}

/** When it is to hold. */
function When({
  kind,
  form,
  set,
  today,
  error,
}: {
  kind: Kind;
  form: Form;
  set: (changes: Partial<Form>) => void;
  today: string;
  error: unknown;
}) {
  const { t, language } = useSpeech();
  const wrong = (...fields: string[]) =>
    fields.map((field) => wrongWith(error, field)).find((problem) => problem);
  if (kind === "taxi" || kind === "courier") {
    return (
      <Choices
        legend={t("pass-for-how-long")}
        options={MINUTES.map((value) => ({ value, label: t("pass-minutes", { minutes: Number(value) }) }))}
        chosen={[form.minutes]}
        toggle={(minutes) => set({ minutes })}
        wrong={wrong("minutes", "window")}
      />
    );
  }
  if (kind === "recurring") {
    const name = (day: number, weekday: "short" | "long") =>
      // 1 January 2024 was a Monday.
      new Intl.DateTimeFormat(language, { weekday, timeZone: "UTC" }).format(Date.UTC(2024, 0, day));
    return (
      <>
        <Choices
          legend={t("pass-weekdays")}
          several
          options={[1, 2, 3, 4, 5, 6, 7].map((day) => ({
            value: String(day),
            label: name(day, "short"),
            spoken: name(day, "long"),
          }))}
          chosen={form.weekdays.map(String)}
          toggle={(value) => {
            const day = Number(value);
            const others = form.weekdays.filter((each) => each !== day);
            set({ weekdays: others.length < form.weekdays.length ? others : [...others, day] });
          }}
          wrong={wrong("days", "weekly")}
        />
        <div className="side-by-side">
          <TextInput
            type="time"
            label={t("pass-hours-from")}
            value={form.from}
            onChange={(event) => set({ from: event.currentTarget.value })}
            error={wrong("hours")}
          />
          <TextInput
            type="time"
            label={t("pass-hours-until")}
            value={form.until}
            onChange={(event) => set({ until: event.currentTarget.value })}
            error={!!wrong("hours")}
          />
          <TextInput
            type="date"
            label={t("pass-last-day")}
            value={form.last}
            min={today}
            max={LAST_DAY}
            onChange={(event) => set({ last: event.currentTarget.value })}
            error={wrong("until", "window")}
          />
        </div>
      </>
    );
  }
  return (
    <>
      <Day form={form} set={set} today={today} wrong={wrong("day", "window", "until")} />
      {kind === "event" && (
        <TextInput
          label={t("pass-entries")}
          inputMode="numeric"
          value={form.entries}
          onChange={(event) => set({ entries: event.currentTarget.value })}
          error={wrong("entries")}
        />
      )}
    </>
  );
}

/** Today, tomorrow, or another day. */
function Day({
  form,
  set,
  today,
  wrong,
}: {
  form: Form;
  set: (changes: Partial<Form>) => void;
  today: string;
  wrong: string | undefined;
}) {
  const { t } = useSpeech();
  const tomorrow = shifted(today, 1) ?? "";
  const [isOther, setOther] = useState(false);
  const chosen = isOther ? "other" : form.day;
  return (
    <>
      <Choices
        legend={t("pass-day")}
        options={[
          { value: today, label: t("day-today") },
          { value: tomorrow, label: t("day-tomorrow") },
          { value: "other", label: t("pass-other-day") },
        ]}
        chosen={[chosen]}
        toggle={(value) => {
          setOther(value === "other");
          set({ day: value === "other" ? (shifted(today, 2) ?? "") : value });
        }}
        wrong={isOther ? undefined : wrong}
      />
      {isOther && (
        <TextInput
          type="date"
          label={t("pass-which-day")}
          value={form.day}
          min={today}
          max={LAST_DAY}
          onChange={(event) => set({ day: event.currentTarget.value })}
          error={wrong}
        />
      )}
    </>
  );
}

/** Whom the house has expected before: a tap fills them in. */
function Remembered({
  house,
  choose,
}: {
  house: string;
  choose: (visitor: { plate: string; name: string }) => void;
}) {
  const { t } = useSpeech();
  const { community } = useHere();
  const visitors = api.useQuery("get", "/api/v1/communities/{community}/houses/{house}/visitors", {
    params: { path: { community, house } },
  });
  // It is a help: the form works without.
  const known = visitors.data?.visitors.slice(0, REMEMBERED) ?? [];
  if (!known.length) return null;
  return (
    <div>
      <p className="field-name">{t("pass-remembered")}</p>
      <div className="remembered">
        {known.map(({ plate_shown, name }) => (
          <button
            key={`${plate_shown} ${name}`}
            type="button"
            onClick={() => choose({ plate: plate_shown, name })}
          >
            <Plate shown={plate_shown} size="1rem" />
            {name}
          </button>
        ))}
      </div>
    </div>
  );
}
