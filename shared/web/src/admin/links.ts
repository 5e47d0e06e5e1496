/** The router's parts by the addresses of this page: what a project registers once, the resident's page has. */
import {
  type LinkComponentProps,
  type NavigateOptions,
  Link as RouterLink,
  useNavigate,
  useParams,
} from "@tanstack/react-router";
import type { ReactElement } from "react";
import type { router } from "./router";

type Router = typeof router;

export const Link = RouterLink as <const To extends string | undefined = undefined>(
  props: LinkComponentProps<"a", Router, string, To>,
) => ReactElement;

export const useGo = useNavigate as () => <const To extends string | undefined = undefined>(
  to: NavigateOptions<Router, string, To>,
) => Promise<void>;

/** A part of the address, by its name in `router.tsx`. */
export function usePart(name: "application" | "house" | "person"): string {
  return (useParams({ strict: false }) as Record<string, string | undefined>)[name] ?? "";
}
