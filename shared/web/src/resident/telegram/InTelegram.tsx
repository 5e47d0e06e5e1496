/** The page within Telegram: it looks and behaves like what is around it, and whoever opens it is in without a tap. */
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { problemOf } from "~/api/answers";
import { cloud } from "~/api/client";
import { isOfNow, signedIn, useAccount, useBot } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Panel } from "~/ui/Page";
import { Failed, Loading } from "~/ui/states";
import { Code, wantsCode } from "../account/Code";
import { Doorstep } from "../account/Doorstep";
import { forgetTold } from "../app/push";
import {
  close,
  isFramed,
  isWithin,
  openBrowser,
  openTelegram,
  useBack,
  useLinks,
  useLooks,
  useSafeArea,
  useWindow,
} from "./bridge";
import { Closing, type Launch, used } from "./launch";

export default function InTelegram({ launch, children }: { launch: Launch; children: ReactNode }) {
  useWindow();
  useLooks(launch);
  useSafeArea();
  useBack();
  useLinks();
  return (
    <Closing.Provider value={close}>
      {launch.data ? <Enter launch={launch}>{children}</Enter> : <Entered>{children}</Entered>}
    </Closing.Provider>
  );
}

/** By what Telegram says of them. */
function Enter({ launch, children }: { launch: Launch; children: ReactNode }) {
  const queries = useQueryClient();
  const [state, setState] = useState<"comes" | "in" | "otherwise" | "kept-out">("comes");
  const [code, setCode] = useState("");
  const [asksCode, setAsksCode] = useState(false);
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(true);
  const { data } = launch;
  const enter = useCallback(
    async (code?: string) => {
      setBusy(true);
      try {
        const body = { init_data: data, code: code ?? null };
        const answer = await cloud.POST("/api/v1/session/telegram", { body });
        if (answer.error) throw answer.error;
        used(launch);
        forgetTold();
        // Within a frame some browsers keep nothing of a site, whatever it says.
        if (isFramed()) {
          const session = await cloud.GET("/api/v1/session");
          if (session.data && !session.data.account) return setState("kept-out");
        }
        signedIn(queries, answer.data);
        setState("in");
      } catch (problem) {
        if (wantsCode(problem)) setAsksCode(true);
        setError(problemOf(problem)?.code === "second-factor" ? undefined : problem);
      } finally {
        setBusy(false);
      }
    },
    [data, launch, queries],
  );
  // A link with what Telegram said of somebody else makes nobody who is signed in that one.
  const begin = useCallback(async () => {
    if (isWithin()) return enter();
    setBusy(true);
    try {
      const session = await cloud.GET("/api/v1/session");
      if (session.error) throw session.error;
      if (!session.data.account) return enter();
      used(launch);
      setState("otherwise");
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  }, [enter, launch]);
  // It is good once.
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    begin();
  }, [begin]);

  if (state === "in") return <Entered>{children}</Entered>;
  if (state === "otherwise") return children;
  if (state === "kept-out") return <KeptOut />;
  if (asksCode) return <AskCode code={code} setCode={setCode} error={error} busy={busy} enter={enter} />;
  if (busy) return <Loading />;
  return <Refused error={error} again={() => begin()} otherwise={() => setState("otherwise")} />;
}

function AskCode({
  code,
  setCode,
  error,
  busy,
  enter,
}: {
  code: string;
  setCode: (code: string) => void;
  error: unknown;
  busy: boolean;
  enter: (code: string) => void;
}) {
  const t = useTexts();
  const send = (event: FormEvent) => {
    event.preventDefault();
    enter(code);
  };
  return (
    <Doorstep title={t("account-sign-in")}>
      <Panel>
        <form onSubmit={send} className="form">
          <Code code={code} setCode={setCode} />
          <Failed error={error} />
          <Button type="submit" loading={busy}>
            {t("account-sign-in-now")}
          </Button>
        </form>
      </Panel>
    </Doorstep>
  );
}

/** Why not, in words, and what helps. */
function Refused({ error, again, otherwise }: { error: unknown; again: () => void; otherwise: () => void }) {
  const t = useTexts();
  const code = problemOf(error)?.code;
  const isOver = code === "telegram-old" || code === "telegram-forged";
  return (
    <Doorstep title={t("account-sign-in")}>
      <Panel>
        <div className="form">
          <Failed error={error} retry={code ? undefined : again} />
          {code === "telegram-unknown" && <OpenBot />}
          {isOver && (
            <Button fullWidth onClick={close}>
              {t("telegram-close")}
            </Button>
          )}
          {code && (
            <Button variant="subtle" onClick={otherwise}>
              {t("telegram-otherwise")}
            </Button>
          )}
        </div>
      </Panel>
    </Doorstep>
  );
}

function OpenBot() {
  const t = useTexts();
  const bot = useBot();
  if (!bot) return null;
  const open = () => {
    openTelegram(`/${bot}?start`);
    close();
  };
  return (
    <Button fullWidth onClick={open}>
      {t("telegram-open-bot")}
    </Button>
  );
}

function KeptOut() {
  const t = useTexts();
  return (
    <Doorstep title={t("account-sign-in")}>
      <Panel>
        <p>{t("telegram-kept-out")}</p>
        <Button fullWidth onClick={() => openBrowser(window.location.origin)}>
          {t("telegram-open-site")}
        </Button>
      </Panel>
    </Doorstep>
  );
}

/** Whoever is in, or was when the window began anew, still is, or has to open it from the bot again. */
function Entered({ children }: { children: ReactNode }) {
  const t = useTexts();
  const account = useAccount();
  const [otherwise, setOtherwise] = useState(false);
  if (account.data !== null || !isOfNow(account) || otherwise) return children;
  return (
    <Doorstep title={t("account-sign-in")}>
      <Panel>
        <div className="form">
          <p>{t("telegram-open-again")}</p>
          <Button fullWidth onClick={close}>
            {t("telegram-close")}
          </Button>
          <Button variant="subtle" onClick={() => setOtherwise(true)}>
            {t("telegram-otherwise")}
          </Button>
        </div>
      </Panel>
    </Doorstep>
  );
}
