/** A page behind the settings. */
import { IconArrowLeft } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTexts } from "~/texts/texts";
import { Page } from "~/ui/Page";
import "./account.css";

export function Sub({ title, children }: { title: string; children: ReactNode }) {
  const t = useTexts();
  const back = (
    <Link to="/settings" className="back">
      <IconArrowLeft aria-hidden size={20} />
      {t("back")}
    </Link>
  );
  return (
    <Page title={title} actions={back}>
      {children}
    </Page>
  );
}
