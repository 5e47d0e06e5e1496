/** A dialog over the page. Its parts weigh as much as a page: they come after what is looked at first. */
import { type ComponentProps, lazy, Suspense, useEffect, useState } from "react";
import { useTexts } from "~/texts/texts";

const load = () => import("./Modal");
const Modal = lazy(load);

export function Dialog(props: Omit<ComponentProps<typeof Modal>, "closeButtonProps">) {
  const t = useTexts();
  const [wanted, setWanted] = useState(false);
  useEffect(() => {
    load();
  }, []);
  if (props.opened && !wanted) setWanted(true);
  if (!wanted) return null;
  return (
    <Suspense>
      <Modal {...props} closeButtonProps={{ "aria-label": t("close") }} />
    </Suspense>
  );
}
