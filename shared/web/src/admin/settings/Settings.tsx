/** The settlement itself, how long what is kept, what was destroyed, and everything to take along. */
import { SimpleGrid } from "@mantine/core";
import { useTexts } from "~/texts/texts";
import { Page, Panel } from "~/ui/Page";
import { Export } from "../exports/Export";
import { Community } from "./Community";
import { Erasures, Sweeps } from "./Destroyed";
import { Retention } from "./Retention";
import "./settings.css";

/** As the description of `exports.download` calls them. */
const TABLES = [
  "houses",
  "people",
  "vehicles",
  "cards",
  "passes",
  "journal",
  "questions",
  "applications",
  "bans",
  "audit",
];

export function Settings() {
  const t = useTexts();
  return (
    <Page title={t("settings-title")} wide>
      <Panel title={t("settings-community")}>
        <Community />
      </Panel>
      <Panel title={t("settings-retention")}>
        <Retention />
      </Panel>
      <Panel title={t("settings-sweeps")}>
        <Sweeps />
      </Panel>
      <Panel title={t("settings-erasures")}>
        <Erasures />
      </Panel>
      <Panel title={t("settings-exports")}>
        <p className="quiet">{t("settings-exports-mean")}</p>
        <SimpleGrid cols={{ base: 1, xs: 2, md: 3, lg: 5 }} spacing="sm">
          {TABLES.map((table) => (
            <div key={table}>
              <Export what={`${table}.csv`}>{t(`settings-table-${table}`)}</Export>
            </div>
          ))}
        </SimpleGrid>
      </Panel>
    </Page>
  );
}
