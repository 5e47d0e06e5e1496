/** What my house wants kept of its visitors. */
import { Radio, Stack } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, cloud, type Doc } from "~/api/client";
import { useHere } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Page, Panel } from "~/ui/Page";
import { Empty, Failed, Loaded, Said } from "~/ui/states";
import { JournalTabs } from "./Journal";

type Choice = Doc<"VisitorLog">;
const CHOICES: Choice[] = ["keep", "owners_only", "nothing"];
const LOG = "/api/v1/communities/{community}/houses/{house}/visitor-log";

export function Kept() {
  const t = useTexts();
  const { houses } = useHere();
  return (
    <Page title={t("journal")}>
      <JournalTabs />
      <p className="quiet">{t("journal-kept-about")}</p>
      {houses.map(({ id, label }) => (
        <Panel key={id} title={t("house-label", { house: label })}>
          <OfHouse house={id} />
        </Panel>
      ))}
      {!houses.length && <Empty>{t("journal-no-house")}</Empty>}
    </Page>
  );
}

function OfHouse({ house }: { house: string }) {
  const { community } = useHere();
  const log = api.useQuery("get", LOG, { params: { path: { community, house } } });
  return <Loaded query={log}>{({ visitor_log }) => <Choose house={house} kept={visitor_log} />}</Loaded>;
}

function Choose({ house, kept }: { house: string; kept: Choice }) {
  const t = useTexts();
  const here = useHere();
  const queries = useQueryClient();
  const params = { path: { community: here.community, house } };
  // What was chosen, while it is being sent.
  const [wanted, want] = useState<Choice>();
  const [said, say] = useState(false);
  const [error, setError] = useState<unknown>();
  const choose = async (visitor_log: Choice) => {
    want(visitor_log);
    say(false);
    setError(undefined);
    try {
      const { data, error } = await cloud.PUT(LOG, { params, body: { visitor_log } });
      if (error) throw error;
      queries.setQueryData(api.queryOptions("get", LOG, { params }).queryKey, data);
      queries.invalidateQueries({
        queryKey: ["get", "/api/v1/communities/{community}/houses/{house}/journal"],
      });
      say(true);
    } catch (problem) {
      setError(problem);
    } finally {
      want(undefined);
    }
  };
  const may = here.may("ChooseVisitorLog", house);
  return (
    <>
      <Radio.Group
        value={wanted ?? kept}
        onChange={(value) => choose(value as Choice)}
        label={t("journal-kept-what")}
        readOnly={!may}
      >
        <Stack my="sm" gap="md">
          {CHOICES.map((choice) => (
            <Radio
              key={choice}
              size="md"
              value={choice}
              label={t(`journal-keep-${choice}`)}
              description={t(`journal-about-keep-${choice}`)}
              disabled={!may || wanted !== undefined}
            />
          ))}
        </Stack>
      </Radio.Group>
      {!may && <p className="quiet small">{t("journal-kept-not-allowed")}</p>}
      <Failed error={error} />
      {said && <Said>{t("journal-kept-saved")}</Said>}
    </>
  );
}
