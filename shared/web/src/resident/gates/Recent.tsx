/** Who came to my houses lately. */
import { Link } from "@tanstack/react-router";
import { cloud } from "~/api/client";
import { useHere } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Panel } from "~/ui/Page";
import { Empty, Loaded } from "~/ui/states";
import { useOfHouses } from "../houses";
import { Arrivals } from "../journal/Arrivals";
import { arrivals } from "../journal/arrivals";

const OF_HOUSE = "/api/v1/communities/{community}/houses/{house}/journal";
/** Of an arrival there are some lines. */
const [LINES, SHOWN] = [24, 4];

/** The last lines of all my houses, the newest first. */
export function useRecent() {
  const { community } = useHere();
  const { data, ...query } = useOfHouses((house) => ({
    queryKey: ["get", OF_HOUSE, { community, house, limit: LINES }],
    queryFn: async ({ signal }) => {
      const { data, error } = await cloud.GET(OF_HOUSE, {
        params: { path: { community, house }, query: { limit: LINES } },
        signal,
      });
      if (error) throw error;
      return data.entries;
    },
  }));
  const lines = data?.flat().sort((one, other) => other.at_ms - one.at_ms || other.number - one.number);
  return { ...query, data: lines };
}

export function Recent({ lines }: { lines: ReturnType<typeof useRecent> }) {
  const t = useTexts();
  return (
    <Panel title={t("gates-recent")}>
      <Loaded query={lines}>
        {(lines) => {
          const recent = arrivals(lines).slice(0, SHOWN);
          return recent.length ? (
            <>
              <Arrivals arrivals={recent} withDay />
              <Link to="/journal" className="further">
                {t("gates-journal")}
              </Link>
            </>
          ) : (
            <Empty>{t("gates-nobody-came")}</Empty>
          );
        }}
      </Loaded>
    </Panel>
  );
}
