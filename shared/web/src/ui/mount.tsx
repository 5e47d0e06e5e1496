/** Puts a page into its document: looks, texts, queries. */
import { MantineProvider } from "@mantine/core";
import type { QueryClient } from "@tanstack/react-query";
import { QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, StrictMode, startTransition, useLayoutEffect } from "react";
import { createRoot } from "react-dom/client";
import { preferred } from "~/texts/language";
import { type Library, Texts } from "~/texts/texts";
import { Boundary, Forget } from "./Broken";
import { theme } from "./theme";
import "./ui.css";

/** `forget` destroys what the page keeps in this browser, should it break by that. */
export async function mount(
  library: Library,
  queries: QueryClient,
  page: ReactNode,
  forget: () => Promise<unknown> = async () => undefined,
) {
  const root = document.getElementById("page");
  if (!root) throw new Error("the document has no place for the page");
  // Until there are words for the page, the document shows what it came with.
  if (preferred() === "en") await library.en().catch(() => {});
  // In slices, between which a finger is heard.
  startTransition(() =>
    createRoot(root).render(
      <StrictMode>
        <Forget value={forget}>
          <Boundary>
            <MantineProvider theme={theme} defaultColorScheme="auto">
              <Texts library={library} fallback={null}>
                <QueryClientProvider client={queries}>
                  <Opened>{page}</Opened>
                </QueryClientProvider>
              </Texts>
            </MantineProvider>
          </Boundary>
        </Forget>
      </StrictMode>,
    ),
  );
}

/** What a page has that is more than on its way. */
const THERE = "nav, main, [role=alert]";

/** What was shown in the page's place goes as soon as there is a page, and no sooner: nothing is blank in between. */
function Opened({ children }: { children: ReactNode }) {
  useLayoutEffect(() => {
    const page = document.getElementById("page");
    if (!page) return;
    const look = () => {
      if (!page.querySelector(THERE)) return;
      document.getElementById("sign")?.remove();
      watch.disconnect();
    };
    const watch = new MutationObserver(look);
    watch.observe(page, { childList: true, subtree: true });
    look();
    return () => watch.disconnect();
  }, []);
  return children;
}
