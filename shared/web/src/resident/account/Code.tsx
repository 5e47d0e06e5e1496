/** The code of the second factor, asked where it is needed. */
import { TextInput } from "@mantine/core";
import { useEffect, useRef } from "react";
import { problemOf } from "~/api/answers";
import { useTexts } from "~/texts/texts";

/** Whether a sign-in wants a code, or another one. */
export function wantsCode(error: unknown): boolean {
  return ["second-factor", "wrong-code"].includes(problemOf(error)?.code ?? "");
}

export function Code({
  code,
  setCode,
  error,
}: {
  code: string;
  setCode: (code: string) => void;
  error?: string;
}) {
  const t = useTexts();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <TextInput
      ref={field}
      label={t("account-code")}
      description={t("account-code-how")}
      name="code"
      autoComplete="one-time-code"
      autoCapitalize="off"
      required
      withAsterisk={false}
      value={code}
      error={error}
      onChange={(event) => setCode(event.currentTarget.value)}
    />
  );
}
