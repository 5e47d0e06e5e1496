/** What stands around each page of an administrator: where to go, and what waits for a decision. */
import { ActionIcon, Drawer, NativeSelect } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconBan,
  IconBarrierBlock,
  IconFileCheck,
  IconHistory,
  IconHome,
  IconInbox,
  IconLanguage,
  IconListDetails,
  IconLogout,
  IconMenu2,
  IconSettings,
  IconUser,
  IconUsers,
} from "@tabler/icons-react";
import { Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect } from "react";
import { Away } from "~/api/answers";
import { useLive } from "~/session/live";
import { Settlement, useAccount, useHere, useSignOut } from "~/session/session";
import { useSpeech, useTexts } from "~/texts/texts";
import { Page } from "~/ui/Page";
import { Failed, Loading, Said } from "~/ui/states";
import { useWaiting } from "./inbox/waiting";
import { Link } from "./links";
import "./frame.css";
import "./parts.css";

const PLACES = [
  { to: "/", text: "go-inbox", icon: IconInbox },
  { to: "/houses", text: "go-houses", icon: IconHome },
  { to: "/people", text: "go-people", icon: IconUsers },
  { to: "/journal", text: "go-journal", icon: IconListDetails },
  { to: "/gates", text: "go-gates", icon: IconBarrierBlock },
  { to: "/bans", text: "go-bans", icon: IconBan },
  { to: "/consents", text: "go-consents", icon: IconFileCheck },
  { to: "/audit", text: "go-audit", icon: IconHistory },
  { to: "/settings", text: "go-settings", icon: IconSettings },
] as const;

export function Frame() {
  const account = useAccount();
  if (account.data === null) return <SignIn />;
  if (account.data) {
    return (
      <Settlement key={account.data.id} account={account.data} nobody={<NoOffice />}>
        <Inside />
      </Settlement>
    );
  }
  const isAway = account.fetchStatus === "paused";
  if (!account.error && !isAway) return <Loading />;
  return <Failed error={account.error ?? new Away()} retry={() => account.refetch()} />;
}

/** The resident's page signs everybody in. */
function SignIn() {
  useEffect(() => {
    const { pathname, search } = window.location;
    window.location.replace(`/sign-in?${new URLSearchParams({ to: pathname + search })}`);
  }, []);
  return <Loading />;
}

function Inside() {
  const here = useHere();
  return here.is("administrator") ? <Office /> : <NoOffice />;
}

function Office() {
  const away = useLive();
  const t = useTexts();
  const here = useHere();
  const waiting = useWaiting();
  const [opened, menu] = useDisclosure();
  const path = useRouterState({ select: (state) => state.location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever has gone somewhere is done with the menu
  useEffect(menu.close, [path]);

  return (
    <div className="office">
      <a className="skip" href="#main">
        {t("go-to-content")}
      </a>
      <section className="office-bar" aria-label={here.community_name}>
        <ActionIcon aria-label={t("go-menu")} aria-expanded={opened} onClick={menu.open}>
          <IconMenu2 aria-hidden />
        </ActionIcon>
        <span className="office-name">{here.community_name}</span>
        {waiting.count > 0 && (
          <Link to="/" className="office-waits">
            <Badge />
          </Link>
        )}
      </section>
      <Drawer
        opened={opened}
        onClose={menu.close}
        title={here.community_name}
        size="20rem"
        closeButtonProps={{ "aria-label": t("close") }}
      >
        <Places />
      </Drawer>
      <section className="office-side" aria-label={here.community_name}>
        <Places named />
      </section>
      {away && (
        <aside className="office-away">
          <Said tone="warning">{t("go-away")}</Said>
        </aside>
      )}
      <Outlet />
    </div>
  );
}

/** How much waits for a decision, where anything does. */
function Badge() {
  const t = useTexts();
  const { count, more } = useWaiting();
  if (!count) return null;
  return (
    <span className="badge">
      <span aria-hidden>{more ? `${count}+` : count}</span>
      <span className="unseen">{t("go-waiting", { count })}</span>
    </span>
  );
}

function Places({ named }: { named?: boolean }) {
  const t = useTexts();
  const here = useHere();
  return (
    <div className="office-places">
      {named && <Settlements />}
      <nav aria-label={t("go")}>
        {PLACES.map(({ to, text, icon: Icon }) => (
          <Link key={to} to={to} activeOptions={{ exact: to === "/" }} className="office-place">
            <Icon aria-hidden />
            <span>{t(text)}</span>
            {to === "/" && <Badge />}
          </Link>
        ))}
      </nav>
      <div className="office-self">
        {!named && here.account.persons.length > 1 && <Settlements />}
        <a href="/" className="office-place">
          <IconUser aria-hidden />
          <span>{t("go-resident")}</span>
        </a>
        <Language />
        <SignOut />
        <p className="quiet small office-whose">{here.name}</p>
      </div>
    </div>
  );
}

/** Which settlement this is, and the others of whoever keeps several. */
function Settlements() {
  const t = useTexts();
  const here = useHere();
  const others = here.account.persons.filter((person) =>
    person.held.some((held) => held.capacity === "administrator"),
  );
  if (others.length < 2) return <p className="office-name">{here.community_name}</p>;
  return (
    <NativeSelect
      aria-label={t("go-settlement")}
      value={here.community}
      onChange={(event) => here.go(event.currentTarget.value)}
      data={others.map(({ community, community_name }) => ({ value: community, label: community_name }))}
    />
  );
}

function Language() {
  const { language, speak, t } = useSpeech();
  const other = language === "ru" ? "en" : "ru";
  return (
    <button type="button" className="office-place" lang={other} onClick={() => speak(other)}>
      <IconLanguage aria-hidden />
      <span>{t(`language-${other}`)}</span>
    </button>
  );
}

/** What the resident's page keeps in this browser: whoever leaves the office leaves it, too. */
const leaving = () => import("~/resident/app/leave");

function SignOut() {
  const t = useTexts();
  const signOut = useSignOut(() => leaving().then(({ forgetAll }) => forgetAll()));
  // It is there when it is needed, also where nothing answers by then.
  useEffect(() => {
    leaving().catch(() => undefined);
  }, []);
  return (
    <button type="button" className="office-place" onClick={signOut}>
      <IconLogout aria-hidden />
      <span>{t("go-sign-out")}</span>
    </button>
  );
}

function NoOffice() {
  const t = useTexts();
  return (
    <Page title={t("no-office")}>
      <a href="/">{t("no-office-home")}</a>
    </Page>
  );
}
