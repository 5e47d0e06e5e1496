/** The pages of whoever is not inside yet. */
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import type { Language } from "~/texts/language";
import { useSpeech } from "~/texts/texts";
import { Page } from "~/ui/Page";
import "./account.css";

const OTHER: Record<Language, Language> = { ru: "en", en: "ru" };

export function Doorstep({ title, children }: { title: string; children: ReactNode }) {
  const { t, language, speak } = useSpeech();
  const other = OTHER[language];
  return (
    <div className="doorstep">
      <Page title={title}>
        {children}
        <Button variant="subtle" lang={other} onClick={() => speak(other)}>
          {t(`language-${other}`)}
        </Button>
      </Page>
    </div>
  );
}
