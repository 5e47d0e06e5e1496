/** Tables of an administrator: columns on a desk, a row a card on a phone, and looked through by what is typed. */
import { TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useSearch } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";
import { useGo } from "./links";
import "./table.css";

const PAUSE_MS = 250;

/** A table; `columns` are the headings, empty ones for what needs none. Its rows are made of {@link Cell}s. */
export function Table({
  caption,
  columns,
  children,
}: {
  caption: string;
  columns: readonly string[];
  children: ReactNode;
}) {
  return (
    <table className="table">
      <caption className="unseen">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column, nth) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: columns stay where they are
            <th key={nth} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

/** A cell; `label` is what a phone says before it, where it would not be understood by itself. */
export function Cell({ label, children }: { label?: string; children: ReactNode }) {
  return <td data-label={label}>{children}</td>;
}

/** What is searched for: kept in the address, so that whoever comes back finds it as it was. */
export function useSearched(): { text: string; search: string; type: (text: string) => void } {
  const go = useGo();
  const kept = useSearch({ strict: false }) as { search?: unknown };
  const [text, type] = useState(() => String(kept.search ?? ""));
  const [search] = useDebouncedValue(text.trim(), PAUSE_MS);
  const known = String(kept.search ?? "");
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was typed leads, the address follows
  useEffect(() => {
    if (search !== known)
      go({ to: ".", search: search ? ({ search } as never) : ({} as never), replace: true });
  }, [search]);
  return { text, search, type };
}

export function SearchField({
  label,
  text,
  type,
}: {
  label: string;
  text: string;
  type: (text: string) => void;
}) {
  return (
    <TextInput
      type="search"
      label={label}
      leftSection={<IconSearch aria-hidden size={20} />}
      value={text}
      onChange={(event) => type(event.currentTarget.value)}
      mb="md"
    />
  );
}
