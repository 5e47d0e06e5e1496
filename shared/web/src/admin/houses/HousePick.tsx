/** Picks a house out of many by a part of its label. */
import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "~/api/client";
import { useCommunity } from "~/session/session";
import { useTexts } from "~/texts/texts";

/** A house by its id and label. */
export type Picked = { id: string; label: string };

export function HousePick({
  label,
  picked,
  pick,
  error,
}: {
  label: string;
  picked: Picked | null;
  pick: (house: Picked | null) => void;
  error?: string;
}) {
  const t = useTexts();
  const community = useCommunity();
  const [typed, type] = useState(picked?.label ?? "");
  const [part] = useDebouncedValue(typed === picked?.label ? "" : typed.trim(), 200);
  const search = part || undefined;
  const found = api.useQuery(
    "get",
    "/api/v1/communities/{community}/houses",
    { params: { path: { community }, query: { search } } },
    { placeholderData: keepPreviousData },
  );
  const houses = found.data?.houses ?? [];
  const shown = picked && !houses.some(({ id }) => id === picked.id) ? [picked, ...houses] : houses;
  return (
    <Select
      label={label}
      searchable
      data={shown.map(({ id, label }) => ({ value: id, label }))}
      filter={({ options }) => options}
      value={picked?.id ?? null}
      onChange={(_, option) => pick(option ? { id: option.value, label: option.label } : null)}
      searchValue={typed}
      onSearchChange={type}
      nothingFoundMessage={t("house-pick-none")}
      error={error}
    />
  );
}
