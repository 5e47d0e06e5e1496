/** The decision, by buttons or in two keys: A and Enter accept, R and a digit refuse. */
import { Button, NativeSelect, Textarea } from "@mantine/core";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { problemOf } from "~/api/answers";
import { api, cloud, type Doc } from "~/api/client";
import { useOnce } from "~/api/once";
import { useCommunity } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Panel } from "~/ui/Page";
import { Failed, Said } from "~/ui/states";
import { ChooseHouse } from "../houses/ChooseHouse";
import { Link } from "../links";
import { KINDS, type Kind } from "../people/kinds";

const USUAL = ["reason-1", "reason-2", "reason-3", "reason-4", "reason-5", "reason-6"] as const;

/** Somebody signs in as them already: an application takes nobody's account from them. */
class Taken extends Error {
  constructor(readonly person: string) {
    super("signs in already");
  }
}

type Sends = { busy: boolean; send: (act: () => Promise<string>) => Promise<void> };

export function Decide({
  application,
  onDecided,
  next,
}: {
  application: Doc<"ApplicationDetails">;
  /** With what was done, in words; `stay`: it was not. */
  onDecided: (said: string, stay: boolean) => Promise<void>;
  next?: ReactNode;
}) {
  const t = useTexts();
  const [refuses, setRefuses] = useState(false);
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const acceptance = useRef<HTMLButtonElement>(null);
  const send = async (act: () => Promise<string>) => {
    setBusy(true);
    setError(undefined);
    try {
      await onDecided(await act(), false);
    } catch (problem) {
      const said = problemOf(problem);
      // Somebody was first: the page shows what they decided.
      if (said?.code === "ended") await onDecided(said.detail, true);
      else setError(problem);
    } finally {
      setBusy(false);
    }
  };

  useKey("KeyA", () => {
    setRefuses(false);
    acceptance.current?.focus();
  });
  useKey("KeyR", () => setRefuses(true));

  return (
    <Panel title={t("decide")}>
      {error instanceof Taken ? (
        <Said
          tone="warning"
          action={
            <Link to="/people/$person" params={{ person: error.person }} className="act">
              {t("application-person")}
            </Link>
          }
        >
          {t("decide-taken")}
        </Said>
      ) : (
        <Failed error={error} />
      )}
      {refuses ? (
        <Refusal application={application} sends={{ busy, send }} back={() => setRefuses(false)} />
      ) : (
        <Acceptance
          application={application}
          sends={{ busy, send }}
          button={acceptance}
          refuse={() => setRefuses(true)}
        />
      )}
      <div className="acts">{!!error && next}</div>
    </Panel>
  );
}

/** A key by where it lies, whatever alphabet is set; not while somebody writes. */
function useKey(code: string, act: () => void) {
  const acts = useRef(act);
  acts.current = act;
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const on = event.target instanceof Element ? event.target : document.body;
      const writes = on.closest("input, textarea, select, [role=dialog]");
      if (event.code !== code || writes || event.ctrlKey || event.metaKey || event.altKey || event.repeat)
        return;
      event.preventDefault();
      acts.current();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [code]);
}

function Acceptance({
  application,
  sends: { busy, send },
  button,
  refuse,
}: {
  application: Doc<"ApplicationDetails">;
  sends: Sends;
  button: React.RefObject<HTMLButtonElement | null>;
  refuse: () => void;
}) {
  const t = useTexts();
  const community = useCommunity();
  const once = useOnce();
  const [corrects, setCorrects] = useState(false);
  const [house, setHouse] = useState<string | undefined>(application.house);
  const [kind, setKind] = useState<Kind>(application.kind as Kind);
  const [known, setKnown] = useState("");

  const submit = () =>
    send(async () => {
      const body = {
        person: known || undefined,
        house: house === application.house ? undefined : house,
        kind: kind === application.kind ? undefined : kind,
      };
      const { error } = await cloud.POST(
        "/api/v1/communities/{community}/applications/{application}/acceptance",
        { params: { path: { community, application: application.id } }, body, headers: once(body) },
      );
      if (error) throw problemOf(error)?.code === "person-taken" ? new Taken(known) : error;
      return t("decide-accepted", { name: application.name });
    });
  const right = api.useQuery(
    "get",
    "/api/v1/communities/{community}/houses/{house}",
    { params: { path: { community, house: house ?? "" } } },
    { enabled: house !== undefined && house !== application.house },
  );
  const label = house === application.house ? application.house_label : (right.data?.label ?? "…");
  const residents = new Map(application.residents.map(({ person, name }) => [person, name]));
  const becomes = { kind: t(`place-${kind}`), house: label };
  return (
    <>
      <p>
        {t("decide-becomes", { name: residents.get(known) ?? application.name, ...becomes })}{" "}
        <span className="quiet">{t("decide-final")}</span>
      </p>
      {corrects ? (
        <div className="fields" style={{ marginBottom: "0.75rem" }}>
          <ChooseHouse label={t("decide-house")} value={house} onChange={setHouse} />
          <NativeSelect
            label={t("decide-kind")}
            value={kind}
            onChange={(event) => setKind(event.currentTarget.value as Kind)}
            data={KINDS.map((kind) => ({ value: kind, label: t(`place-${kind}`) }))}
          />
          {!application.person && residents.size > 0 && (
            <NativeSelect
              label={t("decide-who")}
              value={known}
              onChange={(event) => setKnown(event.currentTarget.value)}
              data={[
                { value: "", label: t("decide-who-new") },
                ...[...residents].map(([person, name]) => ({ value: person, label: name })),
              ]}
            />
          )}
        </div>
      ) : (
        <Button variant="subtle" mb="sm" onClick={() => setCorrects(true)}>
          {t("decide-correct")}
        </Button>
      )}
      <div className="decide">
        <Button ref={button} loading={busy} disabled={!house} onClick={submit}>
          <kbd className="key" aria-hidden>
            A, Enter
          </kbd>
          {t("decide-accept")}
        </Button>
        <Button variant="default" disabled={busy} onClick={refuse} aria-keyshortcuts="R">
          <kbd className="key" aria-hidden>
            R
          </kbd>
          {t("decide-refuse")}
        </Button>
      </div>
    </>
  );
}

function Refusal({
  application,
  sends: { busy, send },
  back,
}: {
  application: Doc<"ApplicationDetails">;
  sends: Sends;
  back: () => void;
}) {
  const t = useTexts();
  const community = useCommunity();
  const once = useOnce();
  const [own, setOwn] = useState("");
  const group = useRef<HTMLDivElement>(null);
  useEffect(() => group.current?.focus(), []);

  const refuse = (reason: string) =>
    send(async () => {
      const { error } = await cloud.POST(
        "/api/v1/communities/{community}/applications/{application}/refusal",
        {
          params: { path: { community, application: application.id } },
          body: { reason },
          headers: once(reason),
        },
      );
      if (error) throw error;
      return t("decide-refused", { name: application.name });
    });
  const pressed = (event: React.KeyboardEvent) => {
    if (event.target instanceof HTMLTextAreaElement) return;
    if (event.key === "Escape") back();
    const reason = USUAL[Number(event.key) - 1];
    if (reason && !busy && !event.ctrlKey && !event.metaKey && !event.altKey) refuse(t(reason));
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: its buttons are there for whoever has no keys
    <div ref={group} tabIndex={-1} onKeyDown={pressed} style={{ outline: "none" }}>
      <p>{t("decide-reason")}</p>
      <ul className="reasons">
        {USUAL.map((reason, nth) => (
          <li key={reason}>
            <button type="button" className="reason" disabled={busy} onClick={() => refuse(t(reason))}>
              <kbd className="key" aria-hidden>
                {nth + 1}
              </kbd>
              {t(reason)}
            </button>
          </li>
        ))}
      </ul>
      <Textarea
        label={t("decide-own")}
        maxLength={500}
        value={own}
        onChange={(event) => setOwn(event.currentTarget.value)}
      />
      <div className="acts">
        <Button variant="default" onClick={back} disabled={busy}>
          {t("back")}
        </Button>
        <Button loading={busy} disabled={!own.trim()} onClick={() => refuse(own.trim())}>
          {t("decide-refuse-so")}
        </Button>
      </div>
    </div>
  );
}
