/** What stands around each page of whoever has signed in: where to go, and whether somebody waits for an answer. */
import { NativeSelect } from "@mantine/core";
import {
  IconBarrierBlock,
  IconBellRinging,
  IconDots,
  IconHome,
  IconListDetails,
  IconTicket,
} from "@tabler/icons-react";
import { Link, Outlet, useLocation, useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { Away } from "~/api/answers";
import { useLive } from "~/session/live";
import { Settlement, useAccount, useHere } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Failed, Loading } from "~/ui/states";
import { Fresh } from "./app/Fresh";
import { Offline } from "./app/Offline";
import { TellHere } from "./app/TellHere";
import { useQuestions } from "./gates/Questions";
import { Nobody } from "./join/Nobody";
import "./frame.css";

/** In the order in which they are needed. On a phone there is room for five; what comes next stands behind the last. */
const PLACES = [
  { to: "/", text: "go-gates", icon: IconBarrierBlock },
  { to: "/passes", text: "go-passes", icon: IconTicket },
  { to: "/journal", text: "go-journal", icon: IconListDetails },
  { to: "/household", text: "go-household", icon: IconHome },
  { to: "/settings", text: "go-settings", icon: IconDots },
] as const;

export function Frame() {
  const account = useAccount();
  if (account.data === null) return <ToSignIn />;
  if (account.data) {
    return (
      <Settlement key={account.data.id} account={account.data} nobody={<Nobody />}>
        <Inside />
      </Settlement>
    );
  }
  const isAway = account.fetchStatus === "paused";
  if (!account.error && !isAway) return <Loading />;
  return <Failed error={account.error ?? new Away()} retry={() => account.refetch()} />;
}

/** Asks once where somebody wanted to go: on the way to the sign-in that changes. */
function ToSignIn() {
  const router = useRouter();
  useEffect(() => {
    const { href } = router.state.location;
    router.navigate({ to: "/sign-in", search: href === "/" ? {} : { to: href }, replace: true });
  }, [router]);
  return <Loading />;
}

function Inside() {
  const t = useTexts();
  const away = useLive();
  const waits = useWaits();
  return (
    <div className="frame">
      <a className="skip" href="#main">
        {t("go-to-content")}
      </a>
      <section className="frame-head" aria-label={t("go-settlement")}>
        <Where />
      </section>
      <nav className="places" aria-label={t("go")}>
        {PLACES.map(({ to, text, icon: Icon }) => (
          <Link key={to} to={to} activeOptions={{ exact: to === "/" }} className="place">
            <span className="place-icon">
              <Icon aria-hidden />
              {to === "/" && waits && <span className="place-waits" />}
            </span>
            <span>{t(text)}</span>
          </Link>
        ))}
      </nav>
      {waits && <Waiting />}
      {away && <Offline />}
      <Fresh />
      <TellHere />
      <Outlet />
    </div>
  );
}

/** The settlement; those who live in several go from one to another here. */
function Where() {
  const t = useTexts();
  const { account, community, community_name, go } = useHere();
  const living = account.persons.filter(({ held }) => held.length > 0);
  if (living.length < 2) return <span className="where">{community_name}</span>;
  return (
    <NativeSelect
      aria-label={t("go-settlement")}
      value={community}
      onChange={(event) => go(event.currentTarget.value)}
      data={living.map((person) => ({ value: person.community, label: person.community_name }))}
    />
  );
}

/** Whether somebody waits at a gate for an answer of mine. */
function useWaits(): boolean {
  const here = useHere();
  const questions = useQuestions(here.may("AnswerQuestion"));
  return !!questions.data?.questions.some(({ state }) => state === "open");
}

/** On any page but the one where it is answered. */
function Waiting() {
  const t = useTexts();
  const { pathname } = useLocation();
  if (pathname === "/") return null;
  return (
    <div role="alert" className="waiting">
      <IconBellRinging aria-hidden />
      <Link to="/">{t("go-answer")}</Link>
    </div>
  );
}
