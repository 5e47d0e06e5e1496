/** What happened at the gates, newest first, and who is inside. */
import { IconArrowUp, IconBook2, IconMapPin } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Doc, hub } from "~/api/kiosk";
import { useTexts } from "~/texts/texts";
import { Plate } from "~/ui/Plate";
import { Empty, Failed, Loaded, Loading } from "~/ui/states";
import { useTimes } from "~/ui/times";
import { Crop } from "../arrivals/Crop";
import { Finder } from "../keys/Finder";
import { useLive } from "../post/live";
import type { PlaceProps } from "../post/Post";
import { Press, Tap, useDeed } from "../post/Press";

const PAGE = 50;
/** What is further up than these is left behind. */
const PAGES = 6;

export function Journal(_: PlaceProps) {
  const t = useTexts();
  const { state } = useLive();
  const [plate, setPlate] = useState("");
  const [inside, setInside] = useState(false);
  return (
    <Finder
      label={t("journal-find")}
      layouts={["plate"]}
      value={plate}
      onChange={(value) => {
        setPlate(value);
        if (value) setInside(false);
      }}
      actions={
        <>
          <Tap icon={<IconBook2 />} chosen={!inside} onTap={() => setInside(false)}>
            {t("journal-all")}
          </Tap>
          <Tap icon={<IconMapPin />} chosen={inside} onTap={() => setInside(true)}>
            {t("journal-inside", { count: state.inside_count })}
          </Tap>
        </>
      }
    >
      {inside ? <Inside /> : <Lines plate={plate} />}
    </Finder>
  );
}

function Lines({ plate }: { plate: string }) {
  const t = useTexts();
  const deed = useDeed();
  const queries = useQueryClient();
  const query = hub.useInfiniteQuery(
    "get",
    "/api/journal",
    { params: { query: { limit: PAGE, plate: plate || undefined } } },
    {
      pageParamName: "after",
      // `undefined` would be asked for as a page 0.
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.next,
      maxPages: PAGES,
    },
  );
  if (!query.data) {
    return query.error ? <Failed error={query.error} retry={() => query.refetch()} /> : <Loading />;
  }
  const top = () => queries.resetQueries({ queryKey: ["get", "/api/journal"] });
  const lines = query.data.pages.flatMap(({ entries }) => entries);
  return (
    <>
      {query.data.pages.length > 1 && (
        <div className="to-newest">
          <Tap icon={<IconArrowUp />} onTap={top}>
            {t("journal-newest")}
          </Tap>
        </div>
      )}
      {lines.length === 0 && <Empty>{t("journal-none")}</Empty>}
      <ul className="rows rows-long">
        {lines.map((line) => (
          <One key={line.id} line={line} />
        ))}
      </ul>
      <Failed error={query.error} />
      {query.hasNextPage && (
        <Press deed={deed} name="more" act={() => query.fetchNextPage()}>
          {t("more")}
        </Press>
      )}
    </>
  );
}

function One({ line }: { line: Doc<"Line"> }) {
  const t = useTexts();
  const { moment } = useTimes();
  return (
    <li className="row">
      <time className="latest-time">{moment(line.at_ms)}</time>
      {line.crop && <Crop hash={line.crop} shown={line.plate_shown} />}
      {line.plate_shown && <Plate shown={line.plate_shown} size="1rem" />}
      <div className="row-text">
        <div>{line.text}</div>
        <div className="quiet small">
          {[line.gate_name, line.note, !line.trusted && t("journal-doubtful")].filter(Boolean).join(" · ")}
        </div>
      </div>
    </li>
  );
}

function Inside() {
  const t = useTexts();
  const query = hub.useQuery("get", "/api/inside");
  return (
    <Loaded query={query}>
      {({ inside, unmatched_exits }) => (
        <>
          {inside.length === 0 ? <Empty>{t("journal-nobody-inside")}</Empty> : <Cars cars={inside} />}
          {unmatched_exits.length > 0 && (
            <>
              <h2>{t("journal-unmatched")}</h2>
              <Cars cars={unmatched_exits} />
            </>
          )}
        </>
      )}
    </Loaded>
  );
}

function Cars({ cars }: { cars: Doc<"SeenCar">[] }) {
  const t = useTexts();
  const { moment } = useTimes();
  return (
    <ul className="rows">
      {cars.map((car) => (
        <li className="row" key={car.entry}>
          <Plate shown={car.plate_shown} />
          <div className="row-text">
            {[car.house_label && t("house-label", { house: car.house_label }), car.name]
              .filter(Boolean)
              .join(" · ")}
          </div>
          <time>{moment(car.at_ms)}</time>
        </li>
      ))}
    </ul>
  );
}
