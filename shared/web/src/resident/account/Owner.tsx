/**
 * That it is the owner who changes the account, and not somebody who found its browser open: the password, where there is
 * one, or to sign in again.
 */
import { PasswordInput } from "@mantine/core";
import { Link, useLocation } from "@tanstack/react-router";
import { problemOf, wrongWith } from "~/api/answers";
import { useHere } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Failed, Said } from "~/ui/states";

export function Owner({
  password,
  setPassword,
  error,
  field = "password",
}: {
  password: string;
  setPassword: (password: string) => void;
  /** Of what was tried. */
  error: unknown;
  /** What the API calls it. */
  field?: string;
}) {
  const t = useTexts();
  const { account } = useHere();
  const to = useLocation({ select: ({ pathname }) => pathname });
  const isStale = problemOf(error)?.code === "sign-in-again";
  const again = (
    <Link to="/sign-in" search={{ again: "1", to }}>
      {t("account-sign-in")}
    </Link>
  );
  const wrong = wrongWith(error, field);
  return (
    <>
      {account.has_password && (
        <PasswordInput
          label={t("account-password-now")}
          description={t("account-password-why")}
          name="password"
          autoComplete="current-password"
          value={password}
          error={wrong}
          visibilityToggleButtonProps={{ "aria-label": t("account-show-password") }}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
      )}
      {isStale ? (
        <Said tone="warning" action={again}>
          {t("account-stale")}
        </Said>
      ) : (
        !wrong && <Failed error={error} />
      )}
    </>
  );
}
