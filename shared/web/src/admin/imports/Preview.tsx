/** Each row with what it would make, or every problem of it. Nothing is changed yet. */
import { Button, Switch } from "@mantine/core";
import { useState } from "react";
import type { Doc } from "~/api/client";
import { type Texts, useTexts } from "~/texts/texts";
import { Panel } from "~/ui/Page";
import { Empty, Said } from "~/ui/states";
import { useTimes } from "~/ui/times";
import { Cell, Table } from "../Table";
import "./imports.css";

/** Rows that are drawn at a time: a table may have thousands. */
const PAGE = 100;

export function Preview({
  name,
  preview,
  apply,
  other,
}: {
  name: string;
  preview: Doc<"ImportPreview">;
  apply: () => void;
  other: () => void;
}) {
  const t = useTexts();
  const { time } = useTimes();
  const { rows, columns, wrong, until_ms } = preview;
  const makes = rows.some((row) => row.makes.length > 0);
  const unread = columns.filter(({ column, title }) => !column && title);
  return (
    <>
      <Panel title={t("import-preview", { name })}>
        <Said tone={wrong ? "warning" : "calm"}>
          {wrong
            ? t("import-wrong", { count: wrong, all: rows.length })
            : t("import-right", { count: rows.length })}
        </Said>
        <p>{makes ? made(t, "import-would-make", preview) : t("import-would-make-nothing")}</p>
        <p className="quiet">
          {t("import-read-columns", {
            columns: columns
              .filter(({ column }) => column)
              .map(({ column, title }) => {
                const known = t(`import-column-${column}`);
                return known.toLowerCase() === title.toLowerCase() ? title : `${title} (${known})`;
              })
              .join(", "),
          })}
        </p>
        {unread.length > 0 && (
          <p>{t("import-unread-columns", { columns: unread.map(({ title }) => title).join(", ") })}</p>
        )}
        <p className="quiet">{t("import-unchanged", { until: time(until_ms) })}</p>
        <div className="acts">
          <Button variant="default" onClick={other}>
            {t("import-another")}
          </Button>
          <Button onClick={apply} disabled={!makes}>
            {t("import-apply", { count: rows.filter((row) => row.makes.length > 0).length })}
          </Button>
        </div>
      </Panel>
      <Panel title={t("import-rows")}>
        <RowsOf rows={rows} wrong={wrong} />
      </Panel>
    </>
  );
}

function RowsOf({ rows, wrong }: { rows: Doc<"ImportPreviewRow">[]; wrong: number }) {
  const t = useTexts();
  const [only, setOnly] = useState(wrong > 0);
  const [shown, setShown] = useState(PAGE);
  const found = only ? rows.filter((row) => row.problems.length > 0) : rows;
  return (
    <>
      {wrong > 0 && (
        <Switch
          label={t("import-only-wrong", { count: wrong })}
          checked={only}
          onChange={(event) => {
            setOnly(event.currentTarget.checked);
            setShown(PAGE);
          }}
          mb="md"
        />
      )}
      {!found.length && <Empty>{t("import-no-rows")}</Empty>}
      {found.length > 0 && (
        <Table
          caption={t("import-rows")}
          columns={[
            t("import-line"),
            t("import-column-house"),
            t("import-column-name"),
            t("import-column-phone"),
            t("import-column-kind"),
            t("import-column-plate"),
            t("import-outcome"),
          ]}
        >
          {found.slice(0, shown).map((row) => (
            <tr key={row.line} data-wrong={row.problems.length > 0 || undefined}>
              <Cell label={t("import-line")}>{row.line}</Cell>
              <Cell label={t("import-column-house")}>{row.house}</Cell>
              <Cell>{row.name}</Cell>
              <Cell>{row.phone}</Cell>
              <Cell>{row.name ? t(`place-${row.kind}`) : ""}</Cell>
              <Cell>{row.plate}</Cell>
              <Cell>
                {row.problems.length > 0 ? <Problems problems={row.problems} /> : makes(t, row.makes)}
              </Cell>
            </tr>
          ))}
        </Table>
      )}
      {found.length > shown && (
        <Button variant="default" fullWidth mt="md" onClick={() => setShown(shown + PAGE)}>
          {t("import-more", { count: found.length - shown })}
        </Button>
      )}
    </>
  );
}

export function Problems({ problems }: { problems: Doc<"ImportProblem">[] }) {
  const t = useTexts();
  return (
    <ul className="problems">
      {problems.map(({ field, why, text, typed }) => (
        <li key={`${field} ${why}`}>{typed ? t("import-typed", { text, typed }) : text}</li>
      ))}
    </ul>
  );
}

function makes(t: Texts, makes: Doc<"ImportMakes">[]): string {
  return makes.length ? makes.map((one) => t(`import-makes-${one}`)).join(", ") : t("import-known");
}

/** So many houses, people, places and cars, of those that there are any. */
export function made(
  t: Texts,
  text: "import-would-make" | "import-made",
  { houses, people, places, vehicles }: { houses: number; people: number; places: number; vehicles: number },
): string {
  const parts = [
    houses && t("import-houses", { count: houses }),
    people && t("import-people", { count: people }),
    places && t("import-places", { count: places }),
    vehicles && t("import-vehicles", { count: vehicles }),
  ].filter(Boolean);
  return t(text, { what: parts.join(", ") });
}
