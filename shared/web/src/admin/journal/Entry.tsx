/** A line of the journal. What only follows from another (it opened, it closed) is said quietly. */
import { Modal } from "@mantine/core";
import { IconCircleCheck, IconCircleX, IconHelpCircle } from "@tabler/icons-react";
import { useState } from "react";
import { api, type Doc } from "~/api/client";
import { useCommunity } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Plate } from "~/ui/Plate";
import { Failed } from "~/ui/states";
import { useTimes } from "~/ui/times";

/** What was decided, to see at a glance; the text says it as well. */
const VERDICTS = { open: IconCircleCheck, ask: IconHelpCircle, refuse: IconCircleX };

export function Entry({ entry }: { entry: Doc<"Line"> }) {
  const t = useTexts();
  const { time } = useTimes();
  const [isLarge, setLarge] = useState(false);
  const Verdict = entry.verdict && VERDICTS[entry.verdict];
  // The plate is drawn beside it.
  const text = entry.text.split(" · ").filter((part) => part !== entry.plate_shown);
  const isNamed = !entry.guard || entry.text.includes(entry.guard);
  const guard = isNamed ? "" : t("journal-guard", { guard: entry.guard });
  const detail = [entry.gate_name, guard, entry.note].filter(Boolean);
  const isQuiet = !entry.plate_shown && !entry.verdict && !entry.crop && !entry.note;
  if (isQuiet) text.push(...detail);
  return (
    <li className="entry" data-quiet={isQuiet || undefined}>
      <time dateTime={new Date(entry.at_ms).toISOString()}>
        {time(entry.at_ms)}
        {!entry.trusted && (
          <abbr title={t("journal-untrusted")} aria-label={t("journal-untrusted")}>
            ?
          </abbr>
        )}
      </time>
      {entry.crop && <Picture entry={entry} onOpen={() => setLarge(true)} />}
      <div className="entry-text">
        <div className="entry-what">
          {entry.plate_shown && <Plate shown={entry.plate_shown} size="1rem" />}
          {Verdict && <Verdict className="verdict" data-verdict={entry.verdict} aria-hidden size={20} />}
          <span>{text.join(" · ")}</span>
        </div>
        {!isQuiet && detail.length > 0 && <div className="quiet small">{detail.join(" · ")}</div>}
      </div>
      <Modal
        opened={isLarge}
        onClose={() => setLarge(false)}
        title={entry.text}
        size="auto"
        closeButtonProps={{ "aria-label": t("close") }}
      >
        <Large entry={entry} />
      </Modal>
    </li>
  );
}

function usePicture(entry: Doc<"Line">): string {
  return `/api/v1/communities/${useCommunity()}/journal/${entry.id}/picture`;
}

function Picture({ entry, onOpen }: { entry: Doc<"Line">; onOpen: () => void }) {
  const t = useTexts();
  const picture = usePicture(entry);
  const [isMissing, setMissing] = useState(false);
  return (
    <button
      type="button"
      className="picture"
      onClick={onOpen}
      aria-label={t("journal-picture", { plate: entry.plate_shown || "—" })}
    >
      {isMissing ? (
        <span className="quiet small">{t("journal-no-picture")}</span>
      ) : (
        <img src={picture} alt="" loading="lazy" decoding="async" onError={() => setMissing(true)} />
      )}
    </button>
  );
}

/** Where it does not come, the API says why: it is too old, or its gatehouse is away. */
function Large({ entry }: { entry: Doc<"Line"> }) {
  const picture = usePicture(entry);
  const community = useCommunity();
  const [tries, setTries] = useState(0);
  const [isMissing, setMissing] = useState(false);
  const why = api.useQuery(
    "get",
    "/api/v1/communities/{community}/journal/{entry}/picture",
    { params: { path: { community, entry: entry.id } }, parseAs: "blob" },
    { enabled: isMissing, retry: false, gcTime: 0 },
  );
  if (isMissing && why.error) {
    return (
      <Failed
        error={why.error}
        retry={() => {
          setMissing(false);
          setTries(tries + 1);
        }}
      />
    );
  }
  return (
    <img
      key={tries}
      className="picture-large"
      src={picture}
      alt={entry.text}
      onError={() => setMissing(true)}
    />
  );
}
