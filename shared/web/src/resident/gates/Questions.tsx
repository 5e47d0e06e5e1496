/** What the guard asks my houses: somebody waits at the gate until an answer comes or its time is over. */
import { Button } from "@mantine/core";
import { IconBan, IconCheck } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, clock, cloud, type Doc } from "~/api/client";
import { useOnce } from "~/api/once";
import { useCommunity, useHere } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Panel } from "~/ui/Page";
import { Plate } from "~/ui/Plate";
import { Failed, Said } from "~/ui/states";
import { useTimes } from "~/ui/times";
import { useNow } from "./now";

type Question = Doc<"Question">;

/** The questions of the last minutes; the events of the page keep them true. */
export function useQuestions(enabled = true) {
  const params = { path: { community: useCommunity() } };
  return api.useQuery("get", "/api/v1/communities/{community}/questions", { params }, { enabled });
}

export function Questions() {
  const t = useTexts();
  const questions = useQuestions();
  // Below the gates there is nothing to say where nobody asks.
  if (!questions.data)
    return questions.error ? <Failed error={questions.error} retry={questions.refetch} /> : null;
  if (!questions.data.questions.length) return null;
  return (
    <Panel title={t("question-title")}>
      {questions.data.questions.map((question) => (
        <Asked key={question.id} question={question} />
      ))}
    </Panel>
  );
}

function Asked({ question }: { question: Question }) {
  const t = useTexts();
  const { houses } = useHere();
  const [thanks, setThanks] = useState("");
  const { plate_shown: plate, name, house_label, state } = question;
  const house = houses.length > 1 && t("house-label", { house: house_label });
  if (state !== "open") {
    return (
      <div className="question">
        {thanks && <Said>{thanks}</Said>}
        <div className="question-who">
          <Plate shown={plate} size="1rem" />
          {name || (!plate && question.gate_name)} <span className="quiet">{house}</span>
        </div>
        <Became question={question} />
      </div>
    );
  }
  return (
    <div className="question">
      <p className="question-text">{question.text}</p>
      {(plate || house) && (
        <div className="question-who">
          <Plate shown={plate} size="1.375rem" />
          <span className="quiet">{house}</span>
        </div>
      )}
      {thanks ? <Said>{thanks}</Said> : <Answer question={question} thank={setThanks} />}
    </div>
  );
}

/** What became of it, and who has answered. */
function Became({ question }: { question: Question }) {
  const t = useTexts();
  const { time } = useTimes();
  const { state, allow, answered_by: by, is_late, asked_ms } = question;
  const text =
    state === "unanswered"
      ? t("question-nobody")
      : t(allow ? "question-allowed" : "question-denied", { by: by || t("question-somebody") });
  return (
    <p className="quiet" style={{ margin: 0 }}>
      {time(asked_ms)} · {text}
      {is_late && ` ${t("question-late")}`}
    </p>
  );
}

function Answer({ question, thank }: { question: Question; thank: (words: string) => void }) {
  const t = useTexts();
  const community = useCommunity();
  const queries = useQueryClient();
  const once = useOnce();
  const [saying, setSaying] = useState<boolean>();
  const [error, setError] = useState<unknown>();

  const answer = async (allow: boolean) => {
    if (saying !== undefined) return;
    setSaying(allow);
    setError(undefined);
    try {
      const { data, error } = await cloud.POST(
        "/api/v1/communities/{community}/questions/{question}/answer",
        {
          params: { path: { community, question: question.id }, header: once({ allow }) },
          body: { allow },
        },
      );
      if (error) throw error;
      thank(data.text);
    } catch (problem) {
      setError(problem);
    } finally {
      setSaying(undefined);
      // Also where somebody else was faster.
      queries.invalidateQueries({ queryKey: ["get", "/api/v1/communities/{community}/questions"] });
    }
  };
  return (
    <>
      <Countdown question={question} />
      {!question.asks_me && <p className="quiet small">{t("question-others-first")}</p>}
      <div className="question-answers">
        <Button
          mih={56}
          px="sm"
          leftSection={<IconCheck aria-hidden />}
          loading={saying === true}
          onClick={() => answer(true)}
        >
          {t("question-allow")}
        </Button>
        <Button
          mih={56}
          px="sm"
          variant="default"
          c="var(--red)"
          leftSection={<IconBan aria-hidden />}
          loading={saying === false}
          onClick={() => answer(false)}
        >
          {t("question-deny")}
        </Button>
      </div>
      <Failed error={error} />
    </>
  );
}

/** How long an answer counts. That its time is over the cloud says. */
function Countdown({ question }: { question: Question }) {
  const t = useTexts();
  const now = useNow(1000);
  const all = Math.max(1, question.until_ms - question.asked_ms);
  const left = Math.min(all, Math.max(0, question.until_ms - clock.at(now)));
  const text = t("question-left", { seconds: Math.ceil(left / 1000) });
  return (
    <div>
      <span className="quiet">{text}</span>
      <meter className="question-time" aria-label={text} min={0} max={all} value={left} />
    </div>
  );
}
