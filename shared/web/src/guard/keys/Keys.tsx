/** The screen's own keyboards: no other is needed, and each key is for a glove. */
import { IconBackspace, IconSpace } from "@tabler/icons-react";
import { type ReactNode, useId } from "react";
import { useSpeech } from "~/texts/texts";
import { type ACTS, type Key, type Layout, rows, typed } from "./layouts";
import "./keys.css";

export function Keys({
  layout,
  value,
  onChange,
  disabled,
}: {
  layout: Layout;
  value: string;
  onChange: (value: string) => void;
  disabled?: boolean;
}) {
  const { t, language } = useSpeech();
  const acts: Record<(typeof ACTS)[number], ReactNode> = {
    clear: t("keys-clear"),
    erase: <IconBackspace aria-label={t("keys-erase")} />,
    space: <IconSpace aria-label={t("keys-space")} />,
  };
  const face = (key: Key) => (key in acts ? acts[key as keyof typeof acts] : key);
  return (
    <fieldset className="keys" data-layout={layout} disabled={disabled} aria-label={t("keys")}>
      {rows(layout, language).map((keys) => (
        <div className="keys-row" key={keys.join("")}>
          {keys.map((key) => (
            <button
              type="button"
              className="key"
              key={key}
              data-key={key in acts ? key : undefined}
              onClick={() => onChange(typed(value, key, layout))}
            >
              {face(key)}
            </button>
          ))}
        </div>
      ))}
    </fieldset>
  );
}

/** A field that those keys write into; a real keyboard may, too. */
export function Field({
  label,
  value,
  onChange,
  onChoose,
  chosen,
  error,
  secret,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** The keys are to write here. */
  onChoose?: () => void;
  chosen?: boolean;
  error?: string;
  secret?: boolean;
}) {
  const id = useId();
  return (
    <div className="field" data-chosen={chosen || undefined}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        inputMode="none"
        autoComplete="off"
        spellCheck={false}
        type={secret ? "password" : "text"}
        value={value}
        aria-invalid={error !== undefined}
        aria-describedby={error && `${id}-error`}
        onChange={({ target }) => onChange(target.value)}
        onFocus={onChoose}
      />
      {error && (
        <div className="field-error" id={`${id}-error`}>
          {error}
        </div>
      )}
    </div>
  );
}
