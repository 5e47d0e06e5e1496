/** Letters with a code and a QR to all houses, to be printed; the codes that were end. */
import { NativeSelect, Progress } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useBlocker } from "@tanstack/react-router";
import { useState } from "react";
import { problemOf } from "~/api/answers";
import { api } from "~/api/client";
import { useCommunity } from "~/session/session";
import { useSpeech, useTexts } from "~/texts/texts";
import { Ask } from "~/ui/Ask";
import { Page, Panel } from "~/ui/Page";
import { Said } from "~/ui/states";
import { ChooseHouse } from "../houses/ChooseHouse";
import { Link } from "../links";
import { Printed, print, usePrinting } from "./print";

export function Letters() {
  const t = useTexts();
  const { language: spoken } = useSpeech();
  const community = useCommunity();
  const [to, setTo] = useState("all");
  const [chosen, choose] = useState<string>();
  const [language, setLanguage] = useState<string>(spoken);
  const [busy, setBusy] = useState(false);
  const [letters, setLetters] = usePrinting();
  // The codes have changed: whoever leaves now has neither the old ones nor the new.
  useBlocker({
    shouldBlockFn: () => !window.confirm(t("letters-leave")),
    enableBeforeUnload: true,
    disabled: !busy,
  });
  const current = api.useQuery("get", "/api/v1/communities/{community}/consent", {
    params: { path: { community } },
  });

  const house = api.useQuery(
    "get",
    "/api/v1/communities/{community}/houses/{house}",
    { params: { path: { community, house: chosen ?? "" } } },
    { enabled: chosen !== undefined },
  );

  const one = to === "one" && chosen ? house.data : undefined;
  const issue = async () => {
    setBusy(true);
    setLetters(undefined);
    try {
      setLetters(await print(community, one, language));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Page
      title={t("letters")}
      actions={
        <Link to="/houses" className="act">
          <IconArrowLeft aria-hidden size={20} />
          {t("houses")}
        </Link>
      }
    >
      {problemOf(current.error)?.code === "not-found" && (
        <Said tone="warning" action={<Link to="/consents">{t("letters-to-consent")}</Link>}>
          {t("letters-no-consent")}
        </Said>
      )}
      <Panel>
        <p>{t("letters-what")}</p>
        <Said tone="warning">{t("letters-end")}</Said>
        <div className="fields">
          <NativeSelect
            label={t("letters-to")}
            value={to}
            onChange={(event) => setTo(event.currentTarget.value)}
            data={[
              { value: "all", label: t("letters-to-all") },
              { value: "one", label: t("letters-to-one") },
            ]}
          />
          {to === "one" && <ChooseHouse label={t("letters-house")} value={chosen} onChange={choose} />}
          <NativeSelect
            label={t("letters-language")}
            value={language}
            onChange={(event) => setLanguage(event.currentTarget.value)}
            data={[
              { value: "ru", label: t("language-ru") },
              { value: "en", label: t("language-en") },
            ]}
          />
        </div>
        <div className="acts">
          <Ask
            button={t("letters-make")}
            title={one ? t("code-letter-title", { house: one.label }) : t("letters-make-title")}
            consequences={
              <>
                <p>{one ? t("code-letter-ends") : t("letters-ends-all")}</p>
                {busy && (
                  <>
                    <p role="status">{t("letters-making")}</p>
                    <Progress value={100} striped animated aria-hidden mb="md" />
                  </>
                )}
              </>
            }
            confirm={t("letters-make")}
            ready={to === "all" || one !== undefined}
            act={issue}
          />
        </div>
      </Panel>
      {letters && <Printed printing={letters} />}
    </Page>
  );
}
