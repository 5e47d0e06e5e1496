/** What stands around each page of an administrator: where to go, and what waits for a decision. */
import { Outlet } from "@tanstack/react-router";
import { useLive } from "~/session/live";
import { Settlement, useAccount, useHere } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Page } from "~/ui/Page";
import { Failed, Loading } from "~/ui/states";

export function Frame() {
  const account = useAccount();
  if (account.data === null) {
    window.location.assign("/sign-in");
    return <Loading />;
  }
  if (account.data) {
    return (
      <Settlement account={account.data} nobody={<NoOffice />}>
        <Inside />
      </Settlement>
    );
  }
  return account.error ? <Failed error={account.error} retry={() => account.refetch()} /> : <Loading />;
}

function Inside() {
  const here = useHere();
  useLive();
  return here.is("administrator") ? <Outlet /> : <NoOffice />;
}

function NoOffice() {
  const t = useTexts();
  return (
    <Page title={t("no-office")}>
      <a href="/">{t("no-office-home")}</a>
    </Page>
  );
}
