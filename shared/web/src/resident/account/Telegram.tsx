/** Who I am in Telegram: connected by a link to the bot, until I am no more. */
import { Button } from "@mantine/core";
import { IconBrandTelegram } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, lazy, Suspense, useEffect, useState } from "react";
import { api, clock, cloud, type Doc } from "~/api/client";
import { useAccount, useBot, useHere } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Ask } from "~/ui/Ask";
import { Panel } from "~/ui/Page";
import { Loading, Said } from "~/ui/states";
import { useTimes } from "~/ui/times";
import { nameOf } from "./bot";
import { Owner } from "./Owner";
import { Sub } from "./Sub";

const Qr = lazy(() => import("~/ui/Qr"));
const SESSION = "/api/v1/session";
/** So often it is asked whether somebody has opened the link. */
const LOOK_MS = 3_000;

export function Telegram() {
  const t = useTexts();
  const { account } = useHere();
  const bot = useBot();
  const [link, setLink] = useState<Doc<"MessengerLink">>();
  const [known] = account.messengers.filter(({ messenger }) => messenger === "telegram");
  return (
    <Sub title={t("telegram")}>
      <p className="quiet">{t("telegram-what")}</p>
      {known && <Known user={known} over={() => setLink(undefined)} />}
      {bot && !known && <Connect link={link} setLink={setLink} />}
    </Sub>
  );
}

function Known({ user, over }: { user: Doc<"MyMessenger">; over: () => void }) {
  const t = useTexts();
  const { day } = useTimes();
  const queries = useQueryClient();
  const disconnect = async () => {
    const { error } = await cloud.DELETE("/api/v1/account/messengers/telegram");
    if (error) throw error;
    over();
    await queries.invalidateQueries({ queryKey: ["get", SESSION] });
  };
  return (
    <Panel>
      <div className="form">
        <p>
          <strong>{nameOf(user)}</strong>
          <br />
          <span className="quiet small">{t("telegram-since", { day: day(user.since_ms) })}</span>
        </p>
        {user.blocked && <Said tone="warning">{t("telegram-blocked")}</Said>}
        <Ask
          button={t("telegram-disconnect")}
          title={t("telegram-disconnect-sure")}
          consequences={<p>{t("telegram-disconnect-what")}</p>}
          confirm={t("telegram-disconnect")}
          act={disconnect}
        />
      </div>
    </Panel>
  );
}

function Connect({
  link,
  setLink,
}: {
  link: Doc<"MessengerLink"> | undefined;
  setLink: (link: Doc<"MessengerLink"> | undefined) => void;
}) {
  const t = useTexts();
  const [password, setPassword] = useState("");
  const make = api.useMutation("post", "/api/v1/account/messengers/telegram/link", {
    onSuccess: setLink,
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    make.mutate({ body: { password } });
  };
  if (link) return <Open link={link} setLink={setLink} />;
  return (
    <Panel title={t("telegram-connect")}>
      <form onSubmit={send} className="form">
        <Owner password={password} setPassword={setPassword} error={make.error} />
        <Button type="submit" loading={make.isPending}>
          {t("telegram-make-link")}
        </Button>
      </form>
    </Panel>
  );
}

/** The link, until somebody has opened it or its time is over. */
function Open({ link, setLink }: { link: Doc<"MessengerLink">; setLink: (link: undefined) => void }) {
  const t = useTexts();
  const { time } = useTimes();
  const { refetch } = useAccount();
  useEffect(() => {
    const timer = setInterval(() => (clock.now() < link.until_ms ? refetch() : setLink(undefined)), LOOK_MS);
    return () => clearInterval(timer);
  }, [link, setLink, refetch]);
  return (
    <Panel title={t("telegram-connect")}>
      <div className="form">
        <p>{t("telegram-open", { at: time(link.until_ms) })}</p>
        <Button
          component="a"
          href={link.link}
          target="_blank"
          rel="noreferrer"
          leftSection={<IconBrandTelegram aria-hidden />}
        >
          {t("telegram-open-here")}
        </Button>
        <p>{t("telegram-open-there")}</p>
        <Suspense fallback={<Loading />}>
          <Qr text={link.link} label={t("telegram-qr")} />
        </Suspense>
        <Said>{t("telegram-waits")}</Said>
      </div>
    </Panel>
  );
}
