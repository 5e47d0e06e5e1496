/** Houses, as a guard looks for them. */
import { keepPreviousData } from "@tanstack/react-query";
import { hub } from "~/api/kiosk";

export function useHouses(search: string) {
  return hub.useQuery(
    "get",
    "/api/houses",
    { params: { query: { search } } },
    { placeholderData: keepPreviousData },
  );
}

/** The house that is meant by a number that was typed to its end; none while it is another's beginning only. */
export function useHouse(number: string) {
  const { data, error } = useHouses(number);
  const label = number.trim().toLocaleLowerCase();
  const house = label ? data?.houses.find((house) => house.label.toLocaleLowerCase() === label) : undefined;
  return { house, near: label ? (data?.houses ?? []) : [], error };
}
