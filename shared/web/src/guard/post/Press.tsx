/**
 * Buttons for gloves. Each press answers at once, and a second tap of the same finger does nothing: what is done together is one
 * {@link Deed}, and a deed is done once at a time. What is tapped again because no answer came is the same deed still, by its key.
 */
import { Loader } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { type Once, useOnce } from "~/api/once";

/** How long after a deed the next tap may still be the second of a double one. */
const DOUBLE_MS = 700;
/** How long after no answer came the next tap is for the same: later it is another car. */
const SAME_MS = 30_000;

type Phase = { name: string; at: "settles" | "busy" | "done" | "failed" };

export type Deed = {
  phase?: Phase;
  error?: unknown;
  /** The words to an error are not needed any more. */
  forget: () => void;
  /** The headers with which it is asked for: the same until it is done. */
  once: Once;
  run: (name: string, act: () => Promise<unknown>) => void;
};

/** `settles`: taps do nothing yet when it appears, since they may be meant for what stood there before. */
export function useDeed({ settles = false }: { settles?: boolean } = {}): Deed {
  const [phase, setPhase] = useState<Phase | undefined>(settles ? { name: "", at: "settles" } : undefined);
  const [error, setError] = useState<unknown>();
  const once = useOnce();
  const begun = useRef(0);
  const locked = useRef(settles);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const free = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      locked.current = false;
      setPhase(undefined);
    }, DOUBLE_MS);
  }, []);
  useEffect(() => {
    if (locked.current) free();
    return () => clearTimeout(timer.current);
  }, [free]);
  const run = useCallback(
    async (name: string, act: () => Promise<unknown>) => {
      if (locked.current) return;
      locked.current = true;
      if (Date.now() > begun.current + SAME_MS) once.done();
      begun.current = Date.now();
      setPhase({ name, at: "busy" });
      setError(undefined);
      try {
        await act();
        once.done();
        setPhase({ name, at: "done" });
      } catch (problem) {
        setError(problem);
        setPhase({ name, at: "failed" });
      }
      free();
    },
    [free, once],
  );
  const forget = useCallback(() => setError(undefined), []);
  return { phase, error, once, run, forget };
}

export type Kind = "open" | "refuse" | "ask" | "plain";

/** A button that does a deed. */
export function Press({
  deed,
  name,
  act,
  kind = "plain",
  icon,
  children,
  label,
  disabled,
}: {
  deed: Deed;
  /** Which of the deed's buttons it is. */
  name: string;
  act: () => Promise<unknown>;
  kind?: Kind;
  icon?: ReactNode;
  children: ReactNode;
  /** For a reader, where the words on it do not suffice. */
  label?: string;
  disabled?: boolean;
}) {
  const mine = deed.phase?.name === name ? deed.phase.at : undefined;
  return (
    <button
      type="button"
      className="press"
      data-kind={kind}
      data-phase={mine}
      aria-label={label}
      aria-busy={mine === "busy"}
      aria-disabled={deed.phase !== undefined}
      disabled={disabled}
      onClick={() => deed.run(name, act)}
    >
      <span className="press-icon" aria-hidden>
        {mine === "busy" ? (
          <Loader size={22} color="currentColor" />
        ) : mine === "done" ? (
          <IconCheck size={26} />
        ) : (
          icon
        )}
      </span>
      <span>{children}</span>
    </button>
  );
}

/** A button that only changes what is shown. */
export function Tap({
  onTap,
  chosen,
  icon,
  children,
  label,
  kind = "plain",
  disabled,
}: {
  onTap: () => void;
  /** For one of several of which one is chosen. */
  chosen?: boolean;
  icon?: ReactNode;
  children: ReactNode;
  label?: string;
  kind?: Kind;
  disabled?: boolean;
}) {
  return (
    <button
      type="button"
      className="press"
      data-kind={kind}
      aria-pressed={chosen}
      aria-label={label}
      disabled={disabled}
      onClick={onTap}
    >
      {icon && (
        <span className="press-icon" aria-hidden>
          {icon}
        </span>
      )}
      <span>{children}</span>
    </button>
  );
}
