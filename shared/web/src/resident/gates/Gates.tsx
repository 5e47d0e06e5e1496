/** The first screen: the gates that this person may open, each one big button with what really happened. */
import { api } from "~/api/client";
import { useCommunity } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Page } from "~/ui/Page";
import { Empty, Loaded } from "~/ui/states";

export function Gates() {
  const t = useTexts();
  const community = useCommunity();
  const gates = api.useQuery("get", "/api/v1/communities/{community}/gates", {
    params: { path: { community } },
  });
  return (
    <Page title={t("gates")}>
      <Loaded query={gates}>
        {({ gates }) =>
          gates.length ? (
            gates.map((gate) => <p key={gate.id}>{gate.name}</p>)
          ) : (
            <Empty>{t("gates-none")}</Empty>
          )
        }
      </Loaded>
    </Page>
  );
}
