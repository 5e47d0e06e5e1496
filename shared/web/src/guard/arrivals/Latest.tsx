/** Who came of late, and what became of it. */
import { IconCheck, IconClock, IconX } from "@tabler/icons-react";
import { type Doc, hub } from "~/api/kiosk";
import { useTexts } from "~/texts/texts";
import { Plate } from "~/ui/Plate";
import { Empty, Loaded } from "~/ui/states";
import { useTimes } from "~/ui/times";
import { Crop } from "./Crop";

const SHOWN = 12;

export function Latest() {
  const t = useTexts();
  const query = hub.useQuery("get", "/api/arrivals", { params: { query: { limit: SHOWN } } });
  return (
    <section className="latest">
      <h2>{t("latest")}</h2>
      <Loaded query={query}>
        {({ arrivals }) => {
          const over = arrivals.filter(({ waits }) => !waits);
          return over.length === 0 ? (
            <Empty>{t("latest-none")}</Empty>
          ) : (
            <ul className="rows">
              {over.map((arrival) => (
                <One key={arrival.id} arrival={arrival} />
              ))}
            </ul>
          );
        }}
      </Loaded>
    </section>
  );
}

function One({ arrival }: { arrival: Doc<"Arrival"> }) {
  const { time } = useTimes();
  // What became of it in the end is said last.
  const last = arrival.outcome.at(-1);
  return (
    <li className="row">
      <Ended arrival={arrival} />
      <time className="latest-time">{time(arrival.at_ms)}</time>
      <Crop hash={arrival.crop} shown={arrival.plate_shown} />
      <Plate shown={arrival.plate_shown} size="1rem" />
      <div className="row-text">
        <div>{arrival.text}</div>
        {last && <div className="quiet small">{last.text}</div>}
      </div>
    </li>
  );
}

/** Let in, sent away, or neither. */
function Ended({ arrival }: { arrival: Doc<"Arrival"> }) {
  const t = useTexts();
  const came = [arrival, ...arrival.outcome];
  const opened = came.some(({ kind, verdict }) => kind === "decided" && verdict === "open");
  const refused = came.some(({ kind, verdict }) => kind === "refused_by_guard" || verdict === "refuse");
  const [Icon, word, tone] = opened
    ? [IconCheck, t("latest-opened"), "open"]
    : refused
      ? [IconX, t("latest-refused"), "refuse"]
      : [IconClock, t("latest-left"), "left"];
  return (
    <span className="ended" data-tone={tone}>
      <Icon aria-hidden />
      <span className="unseen">{word}</span>
    </span>
  );
}
