/** Signs out here, and destroys what this browser has kept. */
import { Button } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useSignOut } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { forgetAll } from "../app/leave";
import { useClosing } from "../telegram/launch";

export function SignOut() {
  const t = useTexts();
  const navigate = useNavigate();
  const close = useClosing();
  const signOut = useSignOut(forgetAll);
  const [busy, setBusy] = useState(false);
  const leave = async () => {
    setBusy(true);
    await signOut();
    // Telegram would sign them in again.
    if (close) close();
    else navigate({ to: "/sign-in" });
  };
  return (
    <Button variant="default" fullWidth onClick={leave} loading={busy}>
      {t("account-sign-out")}
    </Button>
  );
}
