/** The houses of whoever looks: what all of them have, as one, and choosing one where there are several. */
import { NativeSelect } from "@mantine/core";
import { type QueryKey, useQueries } from "@tanstack/react-query";
import { type Here, useHere } from "~/session/session";
import { useTexts } from "~/texts/texts";

type OfHouse<T> = { queryKey: QueryKey; queryFn: (context: { signal: AbortSignal }) => Promise<T> };

/** What is asked of each house, in their order; nothing until all have answered. For {@link Loaded}. */
export function useOfHouses<T>(query: (house: string) => OfHouse<T>) {
  const here = useHere();
  return useQueries({
    queries: here.houses.map(({ id }) => query(id)),
    combine: (results) => ({
      data: results.every((result) => result.data !== undefined)
        ? results.map((result) => result.data as T)
        : undefined,
      error: results.find((result) => result.error)?.error,
      refetch: () => Promise.all(results.map((result) => result.refetch())),
    }),
  });
}

/** The houses in which one may do something. */
export const housesFor = (here: Here, permission: string) =>
  here.houses.filter(({ id }) => here.may(permission, id));

/** Which house; nothing to choose where there is one. */
export function HouseChoice({
  houses,
  house,
  choose,
}: {
  houses: { id: string; label: string }[];
  house: string;
  choose: (house: string) => void;
}) {
  const t = useTexts();
  if (houses.length < 2) return null;
  return (
    <NativeSelect
      label={t("house-choice")}
      value={house}
      onChange={(event) => choose(event.currentTarget.value)}
      data={houses.map(({ id, label }) => ({ value: id, label: t("house-label", { house: label }) }))}
    />
  );
}
