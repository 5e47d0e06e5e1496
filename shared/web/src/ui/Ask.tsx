/** What destroys asks once, and says what. */
import { Button, Group, Modal } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTexts } from "~/texts/texts";
import { Failed } from "./states";

/** A button that asks before it does. `consequences` are shown in the question; the dialog stays open while it fails. */
export function Ask({
  button,
  title,
  consequences,
  confirm,
  act,
  quiet,
}: {
  button: ReactNode;
  title: string;
  consequences?: ReactNode;
  /** What the button that does it says. */
  confirm: string;
  act: () => Promise<unknown>;
  /** For a button in a row of a list. */
  quiet?: boolean;
}) {
  const t = useTexts();
  const [asks, setAsks] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
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
      <Button variant={quiet ? "subtle" : "default"} c="var(--red)" onClick={() => setAsks(true)}>
        {button}
      </Button>
      <Modal
        opened={asks}
        onClose={() => setAsks(false)}
        title={title}
        closeButtonProps={{ "aria-label": t("close") }}
      >
        {consequences}
        <Failed error={error} />
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={() => setAsks(false)}>
            {t("cancel")}
          </Button>
          <Button color="red.9" autoContrast onClick={done} loading={busy}>
            {confirm}
          </Button>
        </Group>
      </Modal>
    </>
  );
}
