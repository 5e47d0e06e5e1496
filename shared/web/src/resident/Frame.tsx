/** What stands around each page of whoever has signed in: where to go, and whether anything answers. */
import { IconBarrierBlock, IconDots, IconHome, IconListDetails, IconTicket } from "@tabler/icons-react";
import { Link, Navigate, Outlet, useLocation } from "@tanstack/react-router";
import { Away } from "~/api/answers";
import { useLive } from "~/session/live";
import { Settlement, useAccount } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Failed, Loading } from "~/ui/states";
import { Fresh } from "./app/Fresh";
import { Offline } from "./app/Offline";
import { Nobody } from "./join/Nobody";
import "./frame.css";

const PLACES = [
  { to: "/", text: "go-gates", icon: IconBarrierBlock },
  { to: "/passes", text: "go-passes", icon: IconTicket },
  { to: "/journal", text: "go-journal", icon: IconListDetails },
  { to: "/household", text: "go-household", icon: IconHome },
  { to: "/settings", text: "go-settings", icon: IconDots },
] as const;

export function Frame() {
  const account = useAccount();
  const wanted = useLocation({ select: ({ href }) => href });
  if (account.data === null) {
    return <Navigate to="/sign-in" search={wanted === "/" ? {} : { to: wanted }} replace />;
  }
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

function Inside() {
  const t = useTexts();
  const away = useLive();
  return (
    <div className="frame">
      <nav className="places" aria-label={t("go")}>
        {PLACES.map(({ to, text, icon: Icon }) => (
          <Link key={to} to={to} activeOptions={{ exact: to === "/" }} className="place">
            <Icon aria-hidden />
            <span>{t(text)}</span>
          </Link>
        ))}
      </nav>
      {away && <Offline />}
      <Fresh />
      <Outlet />
    </div>
  );
}
