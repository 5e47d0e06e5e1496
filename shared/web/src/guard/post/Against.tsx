/** What stands against an opening, in words; a guard may insist on what was judged. */
import { IconDoorEnter } from "@tabler/icons-react";
import { refusalOf } from "~/api/kiosk";
import { useTexts } from "~/texts/texts";
import { Failed, Said } from "~/ui/states";
import { type Deed, Press } from "./Press";

export function Against({ deed, insist }: { deed: Deed; insist: () => Promise<unknown> }) {
  const t = useTexts();
  const refusal = refusalOf(deed.error);
  if (!refusal?.decision) return <Failed error={deed.error} />;
  const anyway = (
    <Press deed={deed} name="insist" kind="refuse" icon={<IconDoorEnter />} act={insist}>
      {t("insist")}
    </Press>
  );
  return (
    <Said tone="wrong" action={anyway}>
      {refusal.detail}
    </Said>
  );
}
