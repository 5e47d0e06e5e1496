/**
 * The cloud's API, typed by its own description.
 *
 * Queries and mutations are made of `api` (`api.useQuery("get", "/api/v1/…", …)`), everything else of `cloud`. What goes
 * wrong is a `Problem` in the person's language, or `Away` where nothing answered.
 */
import createFetchClient from "openapi-fetch";
import createQueryClient from "openapi-react-query";
import { manners } from "./answers";
import { ServerClock } from "./clock";
import type { components, paths } from "./cloud";
import { early } from "./early";
import { leaving } from "./leaving";

/** A document of the API by its name: `Doc<"Pass">`. */
export type Doc<Name extends keyof components["schemas"]> = components["schemas"][Name];

export const cloud = createFetchClient<paths>({ baseUrl: window.location.origin, fetch: early.fetch });
export const clock = new ServerClock();
cloud.use(manners, clock.measuring());

/** Signing out. */
export const leave = leaving(() => fetch("/api/v1/session", { method: "DELETE" }));
cloud.use(leave.middleware);

export const api = createQueryClient(cloud);
