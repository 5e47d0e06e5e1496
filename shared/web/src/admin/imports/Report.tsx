/** What has come of a table. */
import { IconMail } from "@tabler/icons-react";
import type { Doc } from "~/api/client";
import { useTexts } from "~/texts/texts";
import { Panel } from "~/ui/Page";
import { Said } from "~/ui/states";
import { Link } from "../links";
import { Cell, Table } from "../Table";
import { made, Problems } from "./Preview";

export function Report({ report, preview }: { report: Doc<"ImportReport">; preview: Doc<"ImportPreview"> }) {
  const t = useTexts();
  const rows = new Map(preview.rows.map((row) => [row.line, row]));
  const left = report.rows.filter((row) => row.problems.length > 0);
  const any = report.houses + report.people + report.places + report.vehicles > 0;
  return (
    <>
      <Panel title={t("import-done")}>
        <Said>{any ? made(t, "import-made", report) : t("import-made-nothing")}</Said>
        {left.length > 0 && <p>{t("import-left", { count: left.length })}</p>}
        <div className="acts">
          <Link to="/houses" className="act">
            {t("houses")}
          </Link>
          <Link to="/people" className="act">
            {t("people")}
          </Link>
          <Link to="/letters" className="act">
            <IconMail aria-hidden size={20} />
            {t("houses-letters")}
          </Link>
        </div>
      </Panel>
      {left.length > 0 && (
        <Panel title={t("import-left-rows")}>
          <Table
            caption={t("import-left-rows")}
            columns={[t("import-line"), t("import-column-house"), t("import-column-name"), t("import-why")]}
          >
            {left.map((row) => (
              <tr key={row.line} data-wrong>
                <Cell label={t("import-line")}>{row.line}</Cell>
                <Cell label={t("import-column-house")}>{rows.get(row.line)?.house}</Cell>
                <Cell>{rows.get(row.line)?.name}</Cell>
                <Cell>
                  <Problems problems={row.problems} />
                </Cell>
              </tr>
            ))}
          </Table>
        </Panel>
      )}
    </>
  );
}
