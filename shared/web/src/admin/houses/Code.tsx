/** The code by which the people of a house join: it is shown once, and the one before ends. */
import { Button, CopyButton } from "@mantine/core";
import { useState } from "react";
import { cloud, type Doc } from "~/api/client";
import { useCommunity } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Ask } from "~/ui/Ask";
import { Panel } from "~/ui/Page";
import { Said } from "~/ui/states";
import { Printed, print, usePrinting } from "../letters/print";

export function Code({ house }: { house: Doc<"House"> }) {
  const t = useTexts();
  const community = useCommunity();
  const [code, setCode] = useState("");
  const [letter, setLetter] = usePrinting();
  const issue = async () => {
    const { data, error } = await cloud.POST("/api/v1/communities/{community}/houses/{house}/code", {
      params: { path: { community, house: house.id } },
    });
    if (error) throw error;
    setLetter(undefined);
    setCode(data.code);
  };
  const write = async () => {
    const printed = await print(community, house);
    setCode("");
    setLetter(printed);
  };
  return (
    <Panel title={t("code")}>
      <p className="quiet">{t("code-hint")}</p>
      {code && (
        <Said
          action={
            <CopyButton value={code}>
              {({ copied, copy }) => (
                <Button variant="default" onClick={copy}>
                  {copied ? t("copied") : t("copy")}
                </Button>
              )}
            </CopyButton>
          }
        >
          <div className="secret">{code}</div>
          {t("code-once")}
        </Said>
      )}
      {letter && <Printed printing={letter} />}
      <div className="acts">
        <Ask
          button={t("code-issue")}
          title={t("code-issue-title", { house: house.label })}
          consequences={<p>{t("code-ends")}</p>}
          confirm={t("code-issue")}
          act={issue}
        />
        <Ask
          button={t("code-letter")}
          title={t("code-letter-title", { house: house.label })}
          consequences={<p>{t("code-letter-ends")}</p>}
          confirm={t("code-letter")}
          act={write}
        />
      </div>
    </Panel>
  );
}
