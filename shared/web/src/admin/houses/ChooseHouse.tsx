/** One house of many: what is typed is looked for, so that five hundred are no more to choose from than five. */
import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { api } from "~/api/client";
import { useCommunity } from "~/session/session";
import { useTexts } from "~/texts/texts";

const PAUSE_MS = 200;

export function ChooseHouse({
  label,
  value,
  onChange,
  error,
}: {
  label: string;
  value: string | undefined;
  onChange: (house: string | undefined) => void;
  error?: ReactNode;
}) {
  const t = useTexts();
  const community = useCommunity();
  const [typed, type] = useState("");
  const [isOpen, open] = useState(false);
  const [search] = useDebouncedValue(typed.trim(), PAUSE_MS);
  const houses = api.useQuery(
    "get",
    "/api/v1/communities/{community}/houses",
    { params: { path: { community }, query: search ? { search } : {} } },
    { enabled: isOpen, placeholderData: keepPreviousData },
  );
  // The one that is chosen may be none of those that were found.
  const chosen = api.useQuery(
    "get",
    "/api/v1/communities/{community}/houses/{house}",
    { params: { path: { community, house: value ?? "" } } },
    { enabled: value !== undefined },
  );
  const found = new Map((houses.data?.houses ?? []).map((house) => [house.id, house.label]));
  if (value && chosen.data) found.set(value, chosen.data.label);
  // The chosen one stands where it belongs among those that were found: 2 before 12.
  const options = [...found].sort(([, one], [, other]) =>
    one.localeCompare(other, undefined, { numeric: true }),
  );
  return (
    <Select
      label={label}
      placeholder={t("choose-house")}
      searchable
      onDropdownOpen={() => open(true)}
      clearable
      clearButtonProps={{ "aria-label": t("choose-clear") }}
      value={value && found.has(value) ? value : null}
      onChange={(house) => onChange(house ?? undefined)}
      // A label that was chosen stands in the field: it is not what is looked for.
      onSearchChange={(text) => type(text === found.get(value ?? "") ? "" : text)}
      data={options.map(([id, label]) => ({ value: id, label }))}
      filter={({ options }) => options}
      nothingFoundMessage={houses.isFetching ? t("loading") : t("choose-nothing")}
      error={error}
    />
  );
}
