/** A table is chosen, or dropped here. */
import { Button, FileButton } from "@mantine/core";
import { IconFileImport } from "@tabler/icons-react";
import { type DragEvent, useState } from "react";
import { useTexts } from "~/texts/texts";
import { Panel } from "~/ui/Page";
import { Failed } from "~/ui/states";
import "./imports.css";

/** Without a mark of its order a spreadsheet of the West reads Cyrillic wrongly. */
const MARK = "\u{feff}";

export function DropFile({ error, choose }: { error: unknown; choose: (file: File) => void }) {
  const t = useTexts();
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file) choose(file);
  };
  return (
    <Panel title={t("import-choose")}>
      <p>{t("import-hint")}</p>
      <Failed error={error} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the button within does the same */}
      <div
        className="drop"
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <IconFileImport aria-hidden size={32} />
        <p className="drop-hint">{t("import-drop")}</p>
        <FileButton onChange={(file) => file && choose(file)} accept=".csv,.xlsx,.txt,text/csv">
          {(props) => <Button {...props}>{t("import-file")}</Button>}
        </FileButton>
      </div>
      <h3 className="import-columns">{t("import-columns")}</h3>
      <p className="quiet">{t("import-columns-hint")}</p>
      <a
        className="act"
        download={t("import-sample-file")}
        href={`data:text/csv;charset=utf-8,${encodeURIComponent(MARK + t("import-sample"))}`}
      >
        {t("import-sample-get")}
      </a>
    </Panel>
  );
}
