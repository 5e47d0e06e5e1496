/** What stands around each page of whoever has signed in: where to go, and whether anything answers. */
import { IconBarrierBlock, IconDots, IconHome, IconListDetails, IconTicket } from "@tabler/icons-react";
import { Link, Navigate, Outlet } from "@tanstack/react-router";
import { useLive } from "~/session/live";
import { Settlement, useAccount } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Failed, Loading } from "~/ui/states";
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
  if (account.data === null) return <Navigate to="/sign-in" />;
  if (account.data) {
    return (
      <Settlement account={account.data} nobody={<Nobody />}>
        <Inside />
      </Settlement>
    );
  }
  return account.error ? <Failed error={account.error} retry={() => account.refetch()} /> : <Loading />;
}

function Inside() {
  const t = useTexts();
  useLive();
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
      <Outlet />
    </div>
  );
}
