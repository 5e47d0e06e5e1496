/** The addresses of the administrator's page. A new slice's are lines here, and one of the navigation in `Frame.tsx`. */
import { createRootRoute, createRoute, createRouter, type RouteComponent } from "@tanstack/react-router";
import { Broken } from "~/ui/Broken";
import { latePage } from "~/ui/late";
import { Loading } from "~/ui/states";
import { Frame } from "./Frame";

const root = createRootRoute({ component: Frame });
const inside = <Path extends string>(path: Path, component: RouteComponent) =>
  createRoute({ getParentRoute: () => root, path, component });

const routes = root.addChildren([
  inside(
    "/",
    latePage(() => import("./inbox/Inbox"), "Inbox"),
  ),
  inside(
    "/applications/$application",
    latePage(() => import("./applications/Application"), "Application"),
  ),
  inside(
    "/houses",
    latePage(() => import("./houses/Houses"), "Houses"),
  ),
  inside(
    "/houses/$house",
    latePage(() => import("./houses/House"), "House"),
  ),
  inside(
    "/people",
    latePage(() => import("./people/People"), "People"),
  ),
  inside(
    "/people/$person",
    latePage(() => import("./people/Person"), "Person"),
  ),
  inside(
    "/import",
    latePage(() => import("./imports/Import"), "Import"),
  ),
  inside(
    "/letters",
    latePage(() => import("./letters/Letters"), "Letters"),
  ),
  inside(
    "/gates",
    latePage(() => import("./gates/Gates"), "Gates"),
  ),
  inside(
    "/journal",
    latePage(() => import("./journal/Journal"), "Journal"),
  ),
  inside(
    "/bans",
    latePage(() => import("./bans/Bans"), "Bans"),
  ),
  inside(
    "/audit",
    latePage(() => import("./audit/Audit"), "Audit"),
  ),
  inside(
    "/consents",
    latePage(() => import("./consents/Consents"), "Consents"),
  ),
  inside(
    "/settings",
    latePage(() => import("./settings/Settings"), "Settings"),
  ),
]);

export const router = createRouter({
  routeTree: routes,
  basepath: "/admin",
  defaultPreload: "intent",
  defaultPendingComponent: Loading,
  defaultErrorComponent: Broken,
  scrollRestoration: true,
});
