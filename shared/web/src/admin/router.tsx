/** The addresses of the administrator's page. A new slice's are lines here, and one of the navigation in `Frame.tsx`. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouteComponent,
} from "@tanstack/react-router";
import { Broken } from "~/ui/Broken";
import { Loading } from "~/ui/states";
import { Frame } from "./Frame";

const root = createRootRoute({ component: Frame });
const inside = <Path extends string>(path: Path, component: RouteComponent) =>
  createRoute({ getParentRoute: () => root, path, component });

const routes = root.addChildren([
  inside(
    "/",
    lazyRouteComponent(() => import("./inbox/Inbox"), "Inbox"),
  ),
  inside(
    "/applications/$application",
    lazyRouteComponent(() => import("./applications/Application"), "Application"),
  ),
  inside(
    "/houses",
    lazyRouteComponent(() => import("./houses/Houses"), "Houses"),
  ),
  inside(
    "/houses/$house",
    lazyRouteComponent(() => import("./houses/House"), "House"),
  ),
  inside(
    "/people",
    lazyRouteComponent(() => import("./people/People"), "People"),
  ),
  inside(
    "/people/$person",
    lazyRouteComponent(() => import("./people/Person"), "Person"),
  ),
  inside(
    "/import",
    lazyRouteComponent(() => import("./imports/Import"), "Import"),
  ),
  inside(
    "/letters",
    lazyRouteComponent(() => import("./letters/Letters"), "Letters"),
  ),
  inside(
    "/gates",
    lazyRouteComponent(() => import("./gates/Gates"), "Gates"),
  ),
  inside(
    "/journal",
    lazyRouteComponent(() => import("./journal/Journal"), "Journal"),
  ),
  inside(
    "/bans",
    lazyRouteComponent(() => import("./bans/Bans"), "Bans"),
  ),
  inside(
    "/audit",
    lazyRouteComponent(() => import("./audit/Audit"), "Audit"),
  ),
  inside(
    "/consents",
    lazyRouteComponent(() => import("./consents/Consents"), "Consents"),
  ),
  inside(
    "/settings",
    lazyRouteComponent(() => import("./settings/Settings"), "Settings"),
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
