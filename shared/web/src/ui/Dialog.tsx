/** A dialog over the page. Its parts weigh as much as a page: they come after what is looked at first. */
import type { Modal as Parts } from "@mantine/core";
import { type ComponentProps, Suspense, useEffect, useState } from "react";
import { useTexts } from "~/texts/texts";
import { late } from "./late";
import { whenQuiet } from "./quiet";

const load = () => import("./Modal");
const Modal = late<ComponentProps<typeof Parts>>(load);

export function Dialog(props: Omit<ComponentProps<typeof Parts>, "closeButtonProps">) {
  const t = useTexts();
  const [wanted, setWanted] = useState(false);
  useEffect(() => {
    whenQuiet(() => load().catch(() => undefined));
  }, []);
  if (props.opened && !wanted) setWanted(true);
  if (!wanted) return null;
  return (
    <Suspense>
      <Modal {...props} closeButtonProps={{ "aria-label": t("close") }} />
    </Suspense>
  );
}
