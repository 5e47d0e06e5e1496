/** This browser goes on being told: with a session that has ended the cloud forgot it, though the browser did not. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { cloud, type Doc } from "~/api/client";
import { useHere } from "~/session/session";
import { keepToldAs, subscribed, toldAs } from "./push";

export function TellHere() {
  const { account, community } = useHere();
  const queries = useQueryClient();
  useEffect(() => {
    if (toldAs(account.id, community)) return;
    const again = async () => {
      const subscription = await subscribed();
      if (!subscription) return;
      const { data } = await cloud.POST("/api/v1/communities/{community}/notifications/push", {
        params: { path: { community } },
        body: subscription.toJSON() as Doc<"NewSubscription">,
      });
      if (!data) return;
      keepToldAs(account.id, community, data.id);
      queries.invalidateQueries({
        queryKey: ["get", "/api/v1/communities/{community}/notifications/settings"],
      });
    };
    // Where it fails now, it is tried when the page is opened next.
    again().catch(() => undefined);
  }, [account.id, community, queries]);
  return null;
}
