/** What happens once somebody has signed in. */
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";
import type { Doc } from "~/api/client";
import { firstPlace } from "~/session/places";
import { signedIn } from "~/session/session";
import { forgetTold } from "../app/push";

/** Goes to a place of this page, or of the administrator's. */
export function useGo() {
  const navigate = useNavigate();
  return useCallback(
    (place: string) => {
      if (/^\/admin(\/|$)/.test(place)) window.location.assign(place);
      else navigate({ href: place, replace: true });
    },
    [navigate],
  );
}

export function useArrive() {
  const queries = useQueryClient();
  const go = useGo();
  return (session: Doc<"SessionDocument">, to?: string) => {
    forgetTold();
    signedIn(queries, session);
    go(session.account ? firstPlace(session.account, to) : "/");
  };
}
