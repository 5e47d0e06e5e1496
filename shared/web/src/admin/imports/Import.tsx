/** Houses and people out of a table: first what would come of each row, then doing it. */
import { Button, Progress } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { cloud, type Doc } from "~/api/client";
import { useCommunity } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Page, Panel } from "~/ui/Page";
import { Failed, Said } from "~/ui/states";
import { Link } from "../links";
import { DropFile } from "./DropFile";
import { Preview } from "./Preview";
import { Report } from "./Report";

/** Media types by how a name ends: browsers do not agree on them. */
const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const CSV = "text/csv";

type State =
  | { is: "choosing" }
  | { is: "reading"; name: string }
  | { is: "previewed"; name: string; preview: Doc<"ImportPreview"> }
  | { is: "applying"; name: string; preview: Doc<"ImportPreview"> }
  | { is: "applied"; name: string; preview: Doc<"ImportPreview">; report: Doc<"ImportReport"> };

export function Import() {
  const t = useTexts();
  const community = useCommunity();
  const queries = useQueryClient();
  const [state, setState] = useState<State>({ is: "choosing" });
  const [error, setError] = useState<unknown>();
  const said = useRef<HTMLDivElement>(null);

  const read = async (file: File) => {
    setError(undefined);
    setState({ is: "reading", name: file.name });
    try {
      const { data, error } = await cloud.POST("/api/v1/communities/{community}/imports", {
        params: { path: { community } },
        body: file as unknown as string,
        bodySerializer: (body) => body,
        headers: { "Content-Type": /\.xlsx$/i.test(file.name) ? XLSX : CSV },
      });
      if (error) throw error;
      setState({ is: "previewed", name: file.name, preview: data });
      said.current?.focus();
    } catch (problem) {
      setError(problem);
      setState({ is: "choosing" });
    }
  };
  const apply = async (name: string, preview: Doc<"ImportPreview">) => {
    setError(undefined);
    setState({ is: "applying", name, preview });
    try {
      const { data, error } = await cloud.POST("/api/v1/communities/{community}/imports/{import}/apply", {
        params: { path: { community, import: preview.id } },
      });
      if (error) throw error;
      setState({ is: "applied", name, preview, report: data });
      said.current?.focus();
    } catch (problem) {
      setError(problem);
      setState({ is: "previewed", name, preview });
    }
    // Where it broke off, some of it is there.
    void queries.invalidateQueries();
  };

  return (
    <Page
      wide
      title={t("import")}
      actions={
        <Link to="/houses" className="act">
          <IconArrowLeft aria-hidden size={20} />
          {t("houses")}
        </Link>
      }
    >
      <div ref={said} tabIndex={-1} style={{ outline: "none" }}>
        {state.is === "choosing" && <DropFile error={error} choose={read} />}
        {state.is === "reading" && <Works text={t("import-reading", { name: state.name })} />}
        {state.is === "applying" && (
          <Works
            text={t("import-applying", { count: state.preview.rows.length - state.preview.wrong })}
            hint={t("import-applying-hint")}
          />
        )}
        {state.is === "previewed" && (
          <>
            <Failed error={error} />
            {!!error && <Said tone="warning">{t("import-again")}</Said>}
            <Preview
              name={state.name}
              preview={state.preview}
              apply={() => apply(state.name, state.preview)}
              other={() => {
                setError(undefined);
                setState({ is: "choosing" });
              }}
            />
          </>
        )}
        {state.is === "applied" && (
          <>
            <Report report={state.report} preview={state.preview} />
            <Button variant="default" onClick={() => setState({ is: "choosing" })}>
              {t("import-another")}
            </Button>
          </>
        )}
      </div>
    </Page>
  );
}

/** How long it takes is not known before. */
function Works({ text, hint }: { text: string; hint?: string }) {
  return (
    <Panel>
      <p role="status">{text}</p>
      <Progress value={100} striped animated aria-hidden />
      {hint && <p className="quiet">{hint}</p>}
    </Panel>
  );
}
