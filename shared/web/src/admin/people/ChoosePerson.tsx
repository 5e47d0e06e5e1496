/**
 * One person of many, by a part of their name, their telephone or the plate of their car. Whose data is looked at is written
 * down, so nobody is asked for until something was typed.
 */
import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { api, type Doc } from "~/api/client";
import { useCommunity } from "~/session/session";
import { useTexts } from "~/texts/texts";

const PAUSE_MS = 200;

export function ChoosePerson({
  label,
  value,
  onChange,
  error,
}: {
  label: string;
  value: string | undefined;
  onChange: (person: string | undefined) => void;
  error?: ReactNode;
}) {
  const t = useTexts();
  const community = useCommunity();
  const [typed, type] = useState("");
  const [chosen, remember] = useState("");
  const [search] = useDebouncedValue(typed.trim(), PAUSE_MS);
  const people = api.useQuery(
    "get",
    "/api/v1/communities/{community}/people",
    { params: { path: { community }, query: search ? { search } : {} } },
    { enabled: search !== "", placeholderData: keepPreviousData },
  );
  const found = new Map((people.data?.people ?? []).map((person) => [person.id, called(person)]));
  if (value && chosen) found.set(value, chosen);
  return (
    <Select
      label={label}
      placeholder={t("choose-person")}
      searchable
      clearable
      clearButtonProps={{ "aria-label": t("choose-clear") }}
      value={value && found.has(value) ? value : null}
      onChange={(person) => {
        remember(found.get(person ?? "") ?? "");
        onChange(person ?? undefined);
      }}
      onSearchChange={(text) => type([...found.values()].includes(text) ? "" : text)}
      data={[...found].map(([id, label]) => ({ value: id, label }))}
      filter={({ options }) => options}
      nothingFoundMessage={
        people.isFetching ? t("loading") : search ? t("choose-nothing") : t("choose-begin")
      }
      error={error}
    />
  );
}

/** Two of one name are told apart by their houses. */
function called({ name, held }: Doc<"PersonDetails">): string {
  const houses = [...new Set(held.map((held) => held.house_label).filter(Boolean))];
  return [name, ...houses].join(" · ");
}
