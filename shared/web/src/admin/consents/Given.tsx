/** Who agreed to which version, when and where, and who took it back. */
import { useState } from "react";
import { api, type Doc } from "~/api/client";
import { useCommunity } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Row, Rows } from "~/ui/Page";
import { BY_CURSOR, Pages } from "~/ui/Pages";
import { Empty } from "~/ui/states";
import { useTimes } from "~/ui/times";
import { ChoosePerson } from "../people/ChoosePerson";

export function Given({ current }: { current: number }) {
  const t = useTexts();
  const community = useCommunity();
  const [person, choose] = useState<string>();
  const consents = api.useInfiniteQuery(
    "get",
    "/api/v1/communities/{community}/consents",
    { params: { path: { community }, query: person ? { person } : {} } },
    BY_CURSOR,
  );
  return (
    <>
      <ChoosePerson label={t("consent-whose")} value={person} onChange={choose} />
      <Pages
        query={consents}
        items={(page) => page.consents}
        empty={<Empty>{person ? t("consent-not-given") : t("consent-nobody")}</Empty>}
      >
        {(consents) => (
          <Rows>
            {consents.map((consent) => (
              <One key={consent.id} consent={consent} current={current} />
            ))}
          </Rows>
        )}
      </Pages>
    </>
  );
}

function One({ consent, current }: { consent: Doc<"ConsentEntry">; current: number }) {
  const t = useTexts();
  const { moment } = useTimes();
  const { number, channel, at_ms, withdrawn_ms } = consent;
  return (
    <Row
      detail={
        <>
          {t("consent-agreed", { number, at: moment(at_ms) })} · {t(`consent-channel-${channel}`)}
          {consent.address && ` · ${consent.address}`}
          {number !== current && ` · ${t("consent-old")}`}
        </>
      }
      actions={
        withdrawn_ms ? (
          <span className="withdrawn">{t("consent-withdrawn", { at: moment(withdrawn_ms) })}</span>
        ) : null
      }
    >
      {consent.person_name || t("consent-erased")}
      {!consent.person && consent.application && ` · ${t("consent-applicant")}`}
    </Row>
  );
}
