/** Picks somebody out of many by a part of their name, telephone or plate. */
import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData } from "@tanstack/react-query";
import { useState } from "react";
import { api, type Doc } from "~/api/client";
import { useCommunity } from "~/session/session";
import { useTexts } from "~/texts/texts";

export function PersonPick({
  label,
  picked,
  pick,
  error,
}: {
  label: string;
  picked: string;
  pick: (person: string) => void;
  error?: string;
}) {
  const t = useTexts();
  const community = useCommunity();
  const [typed, type] = useState("");
  const [part] = useDebouncedValue(typed.trim(), 200);
  const [chosen, choose] = useState<{ value: string; label: string }>();
  const search = part && part !== chosen?.label ? part : undefined;
  const found = api.useQuery(
    "get",
    "/api/v1/communities/{community}/people",
    { params: { path: { community }, query: { search } } },
    { placeholderData: keepPreviousData },
  );
  const people = (found.data?.people ?? []).map((person) => ({ value: person.id, label: named(person) }));
  const shown = chosen && !people.some(({ value }) => value === chosen.value) ? [chosen, ...people] : people;
  return (
    <Select
      label={label}
      searchable
      clearable
      clearButtonProps={{ "aria-label": t("person-pick-clear") }}
      data={shown}
      filter={({ options }) => options}
      value={picked || null}
      onChange={(value, option) => {
        choose(option ?? undefined);
        pick(value ?? "");
      }}
      searchValue={typed}
      onSearchChange={type}
      nothingFoundMessage={t("person-pick-none")}
      error={error}
    />
  );
}

/** Two of one name are told apart by their houses. */
function named({ name, held }: Doc<"PersonDetails">): string {
  const houses = [...new Set(held.map(({ house_label }) => house_label).filter(Boolean))];
  return houses.length ? `${name} (${houses.join(", ")})` : name;
}
