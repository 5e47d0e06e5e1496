/** One of some, or some of some, as buttons that a thumb hits. */
import type { ReactNode } from "react";

export type Choice = { value: string; label: ReactNode; spoken?: string };

export function Choices({
  legend,
  options,
  chosen,
  toggle,
  several,
  wrong,
}: {
  legend: string;
  options: Choice[];
  chosen: string[];
  toggle: (value: string) => void;
  /** Whether each is chosen by itself. */
  several?: boolean;
  wrong?: string | undefined;
}) {
  return (
    <fieldset className="choices-field">
      <legend className="field-name">{legend}</legend>
      <div className="choices">
        {options.map(({ value, label, spoken }) => (
          <label key={value} className="choice">
            <input
              type={several ? "checkbox" : "radio"}
              name={legend}
              checked={chosen.includes(value)}
              onChange={() => toggle(value)}
              aria-label={spoken}
            />
            <span>{label}</span>
          </label>
        ))}
      </div>
      {wrong && (
        <p className="wrong" role="alert">
          {wrong}
        </p>
      )}
    </fieldset>
  );
}
