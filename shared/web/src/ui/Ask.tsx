/** What destroys asks once, and says what. */
import { Button, Group } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { problemOf } from "~/api/answers";
import { useTexts } from "~/texts/texts";
import { Dialog } from "./Dialog";
import { Failed } from "./states";

/** A button that asks before it does. `consequences` are shown in the question; the dialog stays open while it fails. */
export function Ask({
  button,
  title,
  consequences,
  confirm,
  act,
  onAsk,
  ready = true,
  fields = [],
  quiet,
  calm,
}: {
  button: ReactNode;
  title: string;
  consequences?: ReactNode;
  /** What the button that does it says. */
  confirm: string;
  act: () => Promise<unknown>;
  /** Before it asks: to look up what the consequences are. */
  onAsk?: () => void;
  /** Whether all is known and filled in that it takes. */
  ready?: boolean;
  /** Fields among the consequences that say themselves what is wrong with them. */
  fields?: readonly string[];
  /** For a button in a row of a list. */
  quiet?: boolean;
  /** For what destroys nothing, but is asked about all the same. */
  calm?: boolean;
}) {
  const t = useTexts();
  const [asks, setAsks] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const ask = () => {
    onAsk?.();
    setError(undefined);
    setAsks(true);
  };
  // What is under way goes on, and how it ends is to be seen.
  const close = () => {
    if (!busy) setAsks(false);
  };
  const done = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await act();
      setAsks(false);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button variant={quiet ? "subtle" : "default"} c={calm ? undefined : "var(--red)"} onClick={ask}>
        {button}
      </Button>
      <Dialog opened={asks} onClose={close} title={title} withCloseButton={!busy}>
        {consequences}
        {!fields.includes(problemOf(error)?.field ?? "") && <Failed error={error} />}
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={close} disabled={busy}>
            {t("cancel")}
          </Button>
          <Button
            color={calm ? undefined : "red.9"}
            autoContrast
            onClick={done}
            loading={busy}
            disabled={!ready}
          >
            {confirm}
          </Button>
        </Group>
      </Dialog>
    </>
  );
}
