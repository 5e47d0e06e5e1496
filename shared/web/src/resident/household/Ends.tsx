/** What ends with a grant, as the API counts it. */
import type { ReactNode } from "react";
import { problemOf } from "~/api/answers";
import { api } from "~/api/client";
import { useCommunity } from "~/session/session";
import { useTexts } from "~/texts/texts";
import { Loaded } from "~/ui/states";

const COUNTED = ["places", "vehicles", "cards", "passes"] as const;

export function Ends({
  grant,
  unless,
}: {
  grant: string;
  /** What is said to whom the API does not count it. */
  unless?: ReactNode;
}) {
  const t = useTexts();
  const community = useCommunity();
  const preview = api.useQuery(
    "get",
    "/api/v1/communities/{community}/grants/{grant}",
    { params: { path: { community, grant } } },
    // What was so a minute ago may not be: this is what somebody decides by.
    { staleTime: 0 },
  );
  if (unless && problemOf(preview.error)?.code === "not-allowed") return unless;
  return (
    <Loaded query={preview}>
      {(preview) => {
        const counted = COUNTED.filter((what) => preview[what] > 0);
        return counted.length || preview.people.length ? (
          <>
            <p>{t("household-ends")}</p>
            <ul>
              {counted.map((what) => (
                <li key={what}>{t(`household-ends-${what}`, { count: preview[what] })}</li>
              ))}
              {preview.people.length > 0 && (
                <li>
                  {t("household-ends-people", { names: preview.people.map(({ name }) => name).join(", ") })}
                </li>
              )}
            </ul>
          </>
        ) : (
          <p>{t("household-ends-nothing")}</p>
        );
      }}
    </Loaded>
  );
}
