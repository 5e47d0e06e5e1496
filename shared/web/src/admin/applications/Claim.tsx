/** What somebody says of themselves, and what there is to compare it with. */
import { Modal, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { Doc } from "~/api/client";
import { useCommunity } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Panel, Row, Rows } from "~/ui/Page";
import { Empty } from "~/ui/states";
import { useTimes } from "~/ui/times";
import { Link } from "../links";

export function Claim({ application }: { application: Doc<"ApplicationDetails"> }) {
  const t = useTexts();
  const { moment } = useTimes();
  const { house, house_label, kind, phone, proof, language, consent, person, at_ms } = application;
  return (
    <dl className="facts claim">
      <dt>{t("application-house")}</dt>
      <dd>
        <Link to="/houses/$house" params={{ house }}>
          {house_label}
        </Link>
        , {t(`place-${kind}`)}
      </dd>
      <dt>{t("application-proof")}</dt>
      <dd>{t(`application-proof-${proof}`)}</dd>
      <dt>{t("application-phone")}</dt>
      <dd>{phone ? <a href={`tel:${phone}`}>{phone}</a> : t("application-no-phone")}</dd>
      <dt>{t("application-at")}</dt>
      <dd>{moment(at_ms)}</dd>
      <dt>{t("application-consent")}</dt>
      <dd>{consent ? t("application-consent-number", { number: consent }) : t("application-no-consent")}</dd>
      <dt>{t("application-language")}</dt>
      <dd>{t(`language-${language}`)}</dd>
      {person && (
        <>
          <dt>{t("application-known")}</dt>
          <dd>
            <Link to="/people/$person" params={{ person }}>
              {t("application-known-here")}
            </Link>
          </dd>
        </>
      )}
    </dl>
  );
}

/** The photo beside those who live in the house. */
export function Evidence({ application }: { application: Doc<"ApplicationDetails"> }) {
  const t = useTexts();
  const { residents, house_label } = application;
  return (
    <div className="evidence">
      {application.proof === "photo" && (
        <Panel title={t("application-photo")}>
          {application.has_photo ? (
            <Photo application={application} />
          ) : (
            <Empty>{t("application-no-photo")}</Empty>
          )}
        </Panel>
      )}
      <Panel title={t("application-residents", { house: house_label })}>
        {residents.length === 0 && <Empty>{t("application-no-residents")}</Empty>}
        <Rows>
          {residents.map(({ person, name, phone, kind }) => (
            <Row
              key={`${person} ${kind}`}
              detail={t(`place-${kind}`)}
              actions={phone && <a href={`tel:${phone}`}>{phone}</a>}
            >
              <Link to="/people/$person" params={{ person }}>
                {name}
              </Link>
            </Row>
          ))}
        </Rows>
      </Panel>
    </div>
  );
}

function Photo({ application }: { application: Doc<"ApplicationDetails"> }) {
  const t = useTexts();
  const community = useCommunity();
  const [whole, { open, close }] = useDisclosure();
  const source = `/api/v1/communities/${community}/applications/${application.id}/photo`;
  const alt = t("application-photo-of", { name: application.name });
  return (
    <>
      <UnstyledButton onClick={open} aria-label={t("application-photo-whole")} className="photo">
        <img src={source} alt={alt} />
      </UnstyledButton>
      <Modal
        opened={whole}
        onClose={close}
        title={alt}
        fullScreen
        closeButtonProps={{ "aria-label": t("close") }}
      >
        <img src={source} alt={alt} className="photo-whole" />
      </Modal>
    </>
  );
}
