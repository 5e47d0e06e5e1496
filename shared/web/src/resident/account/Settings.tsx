/** The tab "More": what is mine, and how I am known. Each line leads to a page of its own. */
import { Button, NativeSelect } from "@mantine/core";
import { IconChevronRight, IconDownload } from "@tabler/icons-react";
import { Link, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { api } from "~/api/client";
import { useBot, useHere } from "~/session/session";
import type { Language } from "~/texts/language";
import { useSpeech } from "~/texts/texts";
import { Page, Panel } from "~/ui/Page";
import { install, useApp } from "../app/install";
import { nameOf } from "./bot";
import { SignOut } from "./SignOut";
import "./account.css";

const LANGUAGES: Language[] = ["ru", "en"];

export function Settings() {
  const { t, language, speak } = useSpeech();
  const here = useHere();
  const { account } = here;
  const bot = useBot();
  const [telegram] = account.messengers.filter(({ messenger }) => messenger === "telegram");
  const app = useApp();
  const edit = api.useMutation("patch", "/api/v1/account");
  const params = { path: { community: here.community } };
  const consents = api.useQuery("get", "/api/v1/communities/{community}/me/consents", { params });
  const chosen = (language: Language) => {
    speak(language);
    // What the cloud writes to them it writes in it, too; the page speaks it in any case.
    edit.mutate({ body: { language } });
  };
  return (
    <Page title={t("account-more")}>
      <Panel>
        <ul className="ways">
          <Way to="/settings/me" detail={here.name}>
            {t("account-me")}
          </Way>
          {here.is("administrator") && (
            <li>
              <a className="way" href="/admin/">
                <span>{t("account-to-office")}</span>
                <IconChevronRight aria-hidden />
              </a>
            </li>
          )}
        </ul>
        <NativeSelect
          label={t("account-language")}
          mt="sm"
          value={language}
          onChange={(event) => chosen(event.currentTarget.value as Language)}
          data={LANGUAGES.map((value) => ({ value, label: t(`language-${value}`) }))}
        />
      </Panel>

      <Panel title={t("account-told")}>
        <ul className="ways">
          <Way to="/settings/told">{t("account-how-told")}</Way>
        </ul>
        {app.offer && (
          <div className="form">
            <p className="quiet">{t("app-install-why")}</p>
            <Button variant="default" leftSection={<IconDownload aria-hidden />} onClick={install}>
              {t("app-install")}
            </Button>
          </div>
        )}
      </Panel>

      <Panel title={t("account-ways-in")}>
        <ul className="ways">
          <Way to="/settings/passkeys" detail={t("account-passkeys-count", { count: account.passkeys })}>
            {t("account-passkeys")}
          </Way>
          <Way to="/settings/email" detail={account.email || t("account-none")}>
            {t("account-email")}
          </Way>
          <Way to="/settings/password" detail={t(account.has_password ? "account-set" : "account-none")}>
            {t("account-password")}
          </Way>
          <Way to="/settings/second-factor" detail={t(account.second_factor ? "account-on" : "account-off")}>
            {t("account-second-factor")}
          </Way>
          {(bot || telegram) && (
            <Way to="/settings/telegram" detail={telegram ? nameOf(telegram) : t("telegram-not-connected")}>
              {t("telegram")}
            </Way>
          )}
          <Way to="/settings/sessions">{t("account-sessions")}</Way>
        </ul>
      </Panel>

      <Panel title={t("account-data")}>
        <ul className="ways">
          <Way
            to="/settings/consents"
            detail={consents.data?.asked ? t("account-consents-asked") : undefined}
          >
            {t("account-consents")}
          </Way>
          <Way to="/journal/looked">{t("account-looks")}</Way>
          <Way to="/settings/export">{t("account-export")}</Way>
          <Way to="/settings/erase">{t("account-erase")}</Way>
        </ul>
      </Panel>
      <SignOut />
    </Page>
  );
}

function Way({ to, detail, children }: { to: LinkProps["to"]; detail?: string; children: ReactNode }) {
  return (
    <li>
      <Link className="way" to={to}>
        <span>
          {children}
          {detail && <span className="quiet small way-detail">{detail}</span>}
        </span>
        <IconChevronRight aria-hidden />
      </Link>
    </li>
  );
}
