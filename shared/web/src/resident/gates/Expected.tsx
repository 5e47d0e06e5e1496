/** Whom my houses expect today. */
import { Link } from "@tanstack/react-router";
import { useTexts } from "~/texts/texts";
import { Panel, Rows } from "~/ui/Page";
import { Empty, Loaded } from "~/ui/states";
import { useTimes } from "~/ui/times";
import { PassRow } from "../passes/PassRow";
import type { useCurrentPasses } from "../passes/passes";

const SHOWN = 6;

export function Expected({ passes }: { passes: ReturnType<typeof useCurrentPasses> }) {
  const t = useTexts();
  const { date } = useTimes();
  const today = date(Date.now());
  return (
    <Panel title={t("gates-expected")}>
      <Loaded query={passes}>
        {(passes) => {
          const expected = passes.filter(({ next_ms }) => !next_ms || date(next_ms) === today);
          if (!expected.length) return <Empty>{t("gates-nobody-expected")}</Empty>;
          return (
            <>
              <Rows>
                {expected.slice(0, SHOWN).map((pass) => (
                  <PassRow key={pass.id} pass={pass} />
                ))}
              </Rows>
              {expected.length > SHOWN && (
                <Link to="/passes" className="further">
                  {t("gates-all-passes", { count: expected.length })}
                </Link>
              )}
            </>
          );
        }}
      </Loaded>
    </Panel>
  );
}
