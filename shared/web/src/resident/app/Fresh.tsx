/** Offers the newer version of the page; who does not want it now has it at the next start. */
import { Button } from "@mantine/core";
import { useTexts } from "~/texts/texts";
import { renew, useApp } from "./install";

export function Fresh() {
  const t = useTexts();
  if (!useApp().newer) return null;
  return (
    <div className="fresh" role="status">
      <span>{t("app-newer")}</span>
      <Button variant="subtle" onClick={renew}>
        {t("app-renew")}
      </Button>
    </div>
  );
}
