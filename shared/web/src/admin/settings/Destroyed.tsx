/** What was destroyed: because its time was over, and because somebody wanted to be forgotten. */
import { api } from "~/api/client";
import { useCommunity } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Row, Rows } from "~/ui/Page";
import { BY_CURSOR, Pages } from "~/ui/Pages";
import { Empty, Loaded } from "~/ui/states";
import { useTimes } from "~/ui/times";

export function Sweeps() {
  const t = useTexts();
  const { moment } = useTimes();
  const community = useCommunity();
  const sweeps = api.useInfiniteQuery(
    "get",
    "/api/v1/communities/{community}/retention/sweeps",
    { params: { path: { community } } },
    BY_CURSOR,
  );
  return (
    <Pages query={sweeps} items={(page) => page.sweeps} empty={<Empty>{t("settings-sweeps-none")}</Empty>}>
      {(sweeps) => (
        <Rows>
          {sweeps.map((sweep) => (
            <Row
              key={sweep.id}
              detail={Object.entries(sweep.destroyed)
                .map(([what, n]) => t(`settings-destroyed-${what}`, { n }))
                .join(", ")}
            >
              {moment(sweep.at_ms)}
            </Row>
          ))}
        </Rows>
      )}
    </Pages>
  );
}

export function Erasures() {
  const t = useTexts();
  const { moment } = useTimes();
  const params = { path: { community: useCommunity() } };
  const erasures = api.useQuery("get", "/api/v1/communities/{community}/retention/erasures", { params });
  return (
    <Loaded query={erasures}>
      {({ erasures }) =>
        erasures.length ? (
          <Rows>
            {erasures.map((erasure) => (
              <Row
                key={`${erasure.person} ${erasure.at_ms}`}
                detail={t("settings-erased-records", { n: erasure.records })}
              >
                {erasure.by && erasure.by !== erasure.person
                  ? t("settings-erased-by-office", { at: moment(erasure.at_ms) })
                  : t("settings-erased-by-self", { at: moment(erasure.at_ms) })}
                {" · "}
                {erasure.done_ms
                  ? t("settings-erased", { at: moment(erasure.done_ms) })
                  : t("settings-erasing")}
              </Row>
            ))}
          </Rows>
        ) : (
          <Empty>{t("settings-erasures-none")}</Empty>
        )
      }
    </Loaded>
  );
}
