/** Signs out here, and destroys what this browser has kept. */
import { Button } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useSignOut } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Failed } from "~/ui/states";
import { forget } from "../app/kept";
import { unsubscribe } from "../app/push";

export function SignOut() {
  const t = useTexts();
  const navigate = useNavigate();
  const signOut = useSignOut(async () => {
    await forget();
    await unsubscribe();
  });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const leave = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await signOut();
      navigate({ to: "/sign-in" });
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return (
    <>
      <Failed error={error} />
      <Button variant="default" fullWidth onClick={leave} loading={busy}>
        {t("account-sign-out")}
      </Button>
    </>
  );
}
