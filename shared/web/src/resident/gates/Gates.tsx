/** The first screen: the gates that this person may open, what waits for an answer, whom the house expects, and who came. */
import { api } from "~/api/client";
import { useCommunity, useHere } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Page } from "~/ui/Page";
import { Empty, Loaded } from "~/ui/states";
import { useCurrentPasses } from "../passes/passes";
import { TaxiNow } from "../passes/TaxiNow";
import { Expected } from "./Expected";
import { Gate } from "./Gate";
import { Questions, useQuestions } from "./Questions";
import { Recent, useRecent } from "./Recent";
import "./gates.css";

/** A hub that is away may be back without anybody telling. */
const AWAY_MS = 15_000;

export function Gates() {
  const t = useTexts();
  const community = useCommunity();
  const here = useHere();
  const gates = api.useQuery(
    "get",
    "/api/v1/communities/{community}/gates",
    { params: { path: { community } } },
    {
      enabled: here.may("OpenGates") || here.may("OpenAnyGate"),
      refetchInterval: ({ state }) => state.data?.gates.some((gate) => !gate.is_here) && AWAY_MS,
    },
  );
  const isHome = here.held.some((held) => held.house);
  // Whatever stands lower comes when it is known how much stands above: nothing jumps from under a thumb.
  const questions = useQuestions(here.may("AnswerQuestion"));
  const passes = useCurrentPasses();
  const recent = useRecent();
  const below = isKnown(gates) && isKnown(questions);
  return (
    <Page title={t("gates")}>
      {gates.isEnabled ? (
        <Loaded query={gates}>
          {({ gates }) =>
            gates.length ? (
              <div className="gates">
                {gates.map((gate) => (
                  <Gate key={gate.id} gate={gate} />
                ))}
              </div>
            ) : (
              <Empty>{t("gates-none")}</Empty>
            )
          }
        </Loaded>
      ) : (
        <Empty>{t("gates-not-allowed")}</Empty>
      )}
      {below && (
        <>
          {here.may("AnswerQuestion") && <Questions />}
          {here.may("IssuePass") && <TaxiNow />}
          {isHome && <Expected passes={passes} />}
          {isHome && isKnown(passes) && <Recent lines={recent} />}
        </>
      )}
    </Page>
  );
}

/** Whether it has come, or will not. */
const isKnown = ({ data, error, isEnabled = true }: { data: unknown; error: unknown; isEnabled?: boolean }) =>
  data !== undefined || !!error || !isEnabled;
