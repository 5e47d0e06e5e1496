/** Signed in, and nobody anywhere: what became of one's applications, and how one joins. */
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { api } from "~/api/client";
import { useAccount } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Page, Panel, Row, Rows } from "~/ui/Page";
import { Failed } from "~/ui/states";
import { SignOut } from "../account/SignOut";
import { tickets } from "./tickets";

export function Nobody() {
  const t = useTexts();
  const account = useAccount();
  const known = new Map(
    account.data?.persons.map(({ community, community_name }) => [community, community_name]),
  );
  const asked = Object.keys(tickets());
  const communities = [...new Set([...known.keys(), ...asked])];
  return (
    <Page title={t("join-nobody")}>
      {communities.map((community) => (
        <Mine key={community} community={community} />
      ))}
      <Panel title={t("join-how")}>
        <ol>
          <li>{t("join-how-letter")}</li>
          <li>{t("join-how-link")}</li>
          <li>{t("join-how-invited")}</li>
        </ol>
        <Failed error={account.error} retry={() => account.refetch()} />
        <Button variant="default" onClick={() => account.refetch()} loading={account.isFetching}>
          {t("join-look-again")}
        </Button>
      </Panel>
      <SignOut />
    </Page>
  );
}

function Mine({ community }: { community: string }) {
  const t = useTexts();
  const params = { path: { community } };
  const card = api.useQuery("get", "/api/v1/communities/{community}/card", { params });
  const mine = api.useQuery("get", "/api/v1/communities/{community}/applications/mine", { params });
  if (!card.data) return null;
  return (
    <Panel title={card.data.name}>
      <Rows>
        {mine.data?.applications.map((application) => (
          <Row key={application.id} detail={application.reason || application.text}>
            {t("join-progress", { house: application.house_label })}: {t(`join-state-${application.state}`)}
          </Row>
        ))}
      </Rows>
      <Link to="/join/$key" params={{ key: community }}>
        {t("join-open")}
      </Link>
    </Panel>
  );
}
