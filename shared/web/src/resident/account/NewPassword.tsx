import { PasswordInput } from "@mantine/core";
import { useTexts } from "~/texts/texts";

export function NewPassword({
  password,
  setPassword,
  error,
}: {
  password: string;
  setPassword: (password: string) => void;
  error?: string;
}) {
  const t = useTexts();
  return (
    <PasswordInput
      label={t("account-new-password")}
      description={t("account-new-password-how")}
      name="new-password"
      autoComplete="new-password"
      required
      withAsterisk={false}
      minLength={8}
      maxLength={200}
      value={password}
      error={error}
      visibilityToggleButtonProps={{ "aria-label": t("account-show-password") }}
      onChange={(event) => setPassword(event.currentTarget.value)}
    />
  );
}
