/** The addresses of the resident's page. A new slice's are lines here, and one of the navigation in `Frame.tsx`. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  type RouteComponent,
} from "@tanstack/react-router";
import { useTexts } from "~/texts/texts";
import { Page } from "~/ui/Page";
import { Loading } from "~/ui/states";
import { Frame } from "./Frame";
import { Gates } from "./gates/Gates";

const root = createRootRoute({ component: Outlet, notFoundComponent: Nowhere });

/** For whoever has signed in; it asks who does, and in which settlement. */
const home = createRoute({ getParentRoute: () => root, id: "home", component: Frame });

const inside = <Path extends string>(path: Path, component: RouteComponent) =>
  createRoute({ getParentRoute: () => home, path, component });
const outside = <Path extends string>(path: Path, component: RouteComponent) =>
  createRoute({ getParentRoute: () => root, path, component });

const routes = root.addChildren([
  home.addChildren([
    inside("/", Gates),
    inside(
      "/passes",
      lazyRouteComponent(() => import("./passes/Passes"), "Passes"),
    ),
    inside(
      "/passes/new/$kind",
      lazyRouteComponent(() => import("./passes/NewPass"), "NewPass"),
    ),
    inside(
      "/passes/$pass",
      lazyRouteComponent(() => import("./passes/OnePass"), "OnePass"),
    ),
    inside(
      "/journal",
      lazyRouteComponent(() => import("./journal/Journal"), "Journal"),
    ),
    inside(
      "/journal/looked",
      lazyRouteComponent(() => import("./journal/Looked"), "Looked"),
    ),
    inside(
      "/journal/kept",
      lazyRouteComponent(() => import("./journal/Kept"), "Kept"),
    ),
    inside(
      "/household",
      lazyRouteComponent(() => import("./household/Household"), "Household"),
    ),
    inside(
      "/settings",
      lazyRouteComponent(() => import("./account/Settings"), "Settings"),
    ),
  ]),
  outside(
    "/sign-in",
    lazyRouteComponent(() => import("./account/SignIn"), "SignIn"),
  ),
  outside(
    "/join/$key",
    lazyRouteComponent(() => import("./join/Join"), "Join"),
  ),
  outside(
    "/reset/$token",
    lazyRouteComponent(() => import("./account/Reset"), "Reset"),
  ),
  outside(
    "/prove/$token",
    lazyRouteComponent(() => import("./account/Prove"), "Prove"),
  ),
  outside(
    "/visits/$token",
    lazyRouteComponent(() => import("./visit/Visit"), "Visit"),
  ),
]);

function Nowhere() {
  const t = useTexts();
  return (
    <Page title={t("nowhere")}>
      <a href="/">{t("nowhere-home")}</a>
    </Page>
  );
}

export const router = createRouter({
  routeTree: routes,
  defaultPreload: "intent",
  defaultPendingComponent: Loading,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
