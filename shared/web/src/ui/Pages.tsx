/** What comes page by page: all that has come, and a button for what is older. */
import { Button } from "@mantine/core";
import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { useTexts } from "~/texts/texts";
import { Failed, Loading } from "./states";

/** How `api.useInfiniteQuery` goes on: every list of the API has `next`, which is asked for as `after`. */
export const BY_CURSOR = {
  pageParamName: "after",
  initialPageParam: null,
  getNextPageParam: (page: { next?: string | null }) => page.next,
} as const;

/** Pages that are gone through without being asked, as long as nothing was found in them. */
const LOOKED_THROUGH = 30;

export function Pages<Page, Item>({
  query,
  items,
  empty,
  children,
}: {
  query: UseInfiniteQueryResult<InfiniteData<Page>, unknown>;
  items: (page: Page) => Item[];
  empty: ReactNode;
  children: (all: Item[]) => ReactNode;
}) {
  const t = useTexts();
  const { data, error, hasNextPage, isFetching, isFetchingNextPage, fetchNextPage, refetch } = query;
  const all = data?.pages.flatMap(items) ?? [];
  const goesOn =
    !all.length && hasNextPage && !isFetching && !error && (data?.pages.length ?? 0) < LOOKED_THROUGH;
  useEffect(() => {
    if (goesOn) fetchNextPage();
  }, [goesOn, fetchNextPage]);
  if (!data) return error ? <Failed error={error} retry={() => refetch()} /> : <Loading />;
  return (
    <>
      {all.length ? children(all) : hasNextPage ? null : empty}
      {error ? <Failed error={error} retry={() => (hasNextPage ? fetchNextPage() : refetch())} /> : null}
      {goesOn || isFetchingNextPage ? (
        <Loading />
      ) : (
        hasNextPage &&
        !error && (
          <Button variant="default" fullWidth mt="md" onClick={() => fetchNextPage()}>
            {t("more")}
          </Button>
        )
      )}
    </>
  );
}
