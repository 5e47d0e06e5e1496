/** How I am told: in which ways, of what, and when not. */
import { Button, Checkbox, Stack, Switch, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, cloud, type Doc } from "~/api/client";
import { useBot, useCommunity, useHere } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Panel, Row, Rows } from "~/ui/Page";
import { Failed, Loaded, Said } from "~/ui/states";
import { useTimes } from "~/ui/times";
import { canBeTold, Forbidden, keepToldAs, subscribe, toldAs, unsubscribe } from "../app/push";
import { agentName } from "./agent";
import { Sub } from "./Sub";

const SETTINGS = "/api/v1/communities/{community}/notifications/settings";
const KINDS = ["question", "arrival", "application", "right", "alarm"] as const;
const CHANNELS = ["telegram", "push", "email"] as const;

export function HowTold() {
  const t = useTexts();
  const community = useCommunity();
  const told = api.useQuery("get", SETTINGS, { params: { path: { community } } });
  return (
    <Sub title={t("account-how-told")}>
      <Loaded query={told}>
        {(told) => (
          <>
            <Browsers told={told} />
            <Wishes told={told} />
          </>
        )}
      </Loaded>
    </Sub>
  );
}

/** What is said of one wish is sent at once, with all others as they stand. */
function Wishes({ told }: { told: Doc<"HowIAmTold"> }) {
  const t = useTexts();
  const community = useCommunity();
  const queries = useQueryClient();
  const params = { path: { community } };
  const { queryKey } = api.queryOptions("get", SETTINGS, { params });
  const save = api.useMutation("put", SETTINGS, {
    onMutate: ({ body }) => queries.setQueryData(queryKey, { ...told, settings: body }),
    onSuccess: (told) => queries.setQueryData(queryKey, told),
    onError: () => queries.setQueryData(queryKey, told),
  });
  const { settings, has_email, has_telegram } = told;
  const bot = useBot();
  const isThere = (channel: string) => channel !== "telegram" || Boolean(bot);
  const change = (part: Partial<Doc<"NotificationSettings">>) =>
    save.mutate({ params, body: { ...settings, ...part } });
  const { quiet } = settings;
  return (
    <>
      <Panel title={t("account-channels")}>
        <Stack gap="md">
          {CHANNELS.filter(isThere).map((channel) => (
            <Switch
              key={channel}
              label={t(`account-channel-${channel}`)}
              checked={settings.channels.includes(channel)}
              onChange={({ currentTarget: { checked } }) =>
                change({
                  // The first of them is asked first.
                  channels: CHANNELS.filter((one) =>
                    one === channel ? checked : settings.channels.includes(one),
                  ),
                })
              }
            />
          ))}
          {isThere("telegram") && !has_telegram && (
            <p className="quiet small">
              {t("account-channel-no-telegram")} <Link to="/settings/telegram">{t("telegram-connect")}</Link>
            </p>
          )}
          {!has_email && (
            <p className="quiet small">
              {t("account-channel-no-email")} <Link to="/settings/email">{t("account-email-add")}</Link>
            </p>
          )}
        </Stack>
      </Panel>
      <Panel title={t("account-about")}>
        <Stack gap="md">
          {KINDS.map((kind) => (
            <Checkbox
              key={kind}
              label={t(`account-about-${kind}`)}
              checked={!settings.off.includes(kind)}
              onChange={({ currentTarget: { checked } }) =>
                change({ off: KINDS.filter((one) => (one === kind ? !checked : settings.off.includes(one))) })
              }
            />
          ))}
        </Stack>
      </Panel>
      <Panel title={t("account-quiet")}>
        <Stack gap="md">
          <Switch
            label={t("account-quiet-on")}
            description={t("account-quiet-how")}
            checked={Boolean(quiet)}
            onChange={({ currentTarget: { checked } }) =>
              change({ quiet: checked ? { from_minute: 22 * 60, until_minute: 8 * 60 } : null })
            }
          />
          {quiet && (
            <div className="pair">
              <Minute
                label={t("account-quiet-from")}
                minute={quiet.from_minute}
                change={(from_minute) => change({ quiet: { ...quiet, from_minute } })}
              />
              <Minute
                label={t("account-quiet-until")}
                minute={quiet.until_minute}
                change={(until_minute) => change({ quiet: { ...quiet, until_minute } })}
              />
            </div>
          )}
        </Stack>
      </Panel>
      <Failed error={save.error} />
    </>
  );
}

function Minute({
  label,
  minute,
  change,
}: {
  label: string;
  minute: number;
  change: (minute: number) => void;
}) {
  const two = (number: number) => String(number).padStart(2, "0");
  return (
    <TextInput
      type="time"
      label={label}
      value={`${two(Math.floor(minute / 60))}:${two(minute % 60)}`}
      onChange={(event) => {
        const [hours, minutes] = event.currentTarget.value.split(":").map(Number);
        if (hours !== undefined && minutes !== undefined) change(hours * 60 + minutes);
      }}
    />
  );
}

/** The browsers that are told, and this one. */
function Browsers({ told }: { told: Doc<"HowIAmTold"> }) {
  const t = useTexts();
  const { day } = useTimes();
  const { account, community } = useHere();
  const queries = useQueryClient();
  const params = { path: { community } };
  // That the browser has an address does not say that the cloud knows it.
  const mine = toldAs(account.id, community);
  const isHere = told.browsers.some(({ id }) => id === mine);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  const done = async (act: () => Promise<void>) => {
    setBusy(true);
    setError(undefined);
    try {
      await act();
    } catch (problem) {
      setError(problem);
    } finally {
      await queries.invalidateQueries({ queryKey: ["get", SETTINGS] });
      setBusy(false);
    }
  };
  const tell = () =>
    done(async () => {
      const key = await cloud.GET("/api/v1/communities/{community}/notifications/push/key", { params });
      if (key.error) throw key.error;
      const subscription = await subscribe(key.data.key);
      const body = subscription.toJSON() as Doc<"NewSubscription">;
      const answer = await cloud.POST("/api/v1/communities/{community}/notifications/push", { params, body });
      if (answer.error) {
        await subscription.unsubscribe();
        throw answer.error;
      }
      keepToldAs(account.id, community, answer.data.id);
    });
  const end = (browser: Doc<"PushBrowser">) =>
    done(async () => {
      const path = { community, subscription: browser.id };
      const answer = await cloud.DELETE("/api/v1/communities/{community}/notifications/push/{subscription}", {
        params: { path },
      });
      if (answer.error) throw answer.error;
      if (browser.id !== mine) return;
      await unsubscribe();
      keepToldAs(account.id, community, undefined);
    });

  return (
    <Panel title={t("account-browsers")}>
      {!canBeTold() ? (
        <p className="quiet">{t("account-push-none")}</p>
      ) : isHere ? (
        <Said>{t("account-push-here")}</Said>
      ) : (
        <Button fullWidth onClick={tell} loading={busy}>
          {t("account-push-tell")}
        </Button>
      )}
      {error instanceof Forbidden ? (
        <Said tone="warning">{t("account-push-forbidden")}</Said>
      ) : error instanceof DOMException ? (
        <Said tone="wrong">{t("account-push-failed")}</Said>
      ) : (
        <Failed error={error} />
      )}
      <Rows>
        {told.browsers.map((browser) => (
          <Row
            key={browser.id}
            detail={t("account-since", { day: day(browser.made_ms) })}
            actions={
              <Button variant="subtle" disabled={busy} onClick={() => end(browser)}>
                {t("account-push-end")}
              </Button>
            }
          >
            {agentName(browser.agent) || t("account-agent-unknown")}
          </Row>
        ))}
      </Rows>
    </Panel>
  );
}
