/** The addresses of the resident's page. A new slice's are lines here, and one of the navigation in `Frame.tsx`. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  parseSearchWith,
  type RouteComponent,
  stringifySearchWith,
} from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTexts } from "~/texts/texts";
import { Broken } from "~/ui/Broken";
import { Page } from "~/ui/Page";
import { Loading } from "~/ui/states";
import { Led } from "./app/Led";
import { Told } from "./app/Told";
import { Frame } from "./Frame";
import { Gates } from "./gates/Gates";
// Before the router looks at the address.
import { launch } from "./telegram/launch";

const InTelegram = lazy(() => import("./telegram/InTelegram"));

const root = createRootRoute({ component: Root, notFoundComponent: Nowhere });

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
    inside("/communities/$community/$", Told),
    inside(
      "/settings",
      lazyRouteComponent(() => import("./account/Settings"), "Settings"),
    ),
    inside(
      "/settings/me",
      lazyRouteComponent(() => import("./account/Me"), "Me"),
    ),
    inside(
      "/settings/told",
      lazyRouteComponent(() => import("./account/HowTold"), "HowTold"),
    ),
    inside(
      "/settings/passkeys",
      lazyRouteComponent(() => import("./account/Passkeys"), "Passkeys"),
    ),
    inside(
      "/settings/password",
      lazyRouteComponent(() => import("./account/Password"), "Password"),
    ),
    inside(
      "/settings/email",
      lazyRouteComponent(() => import("./account/Email"), "Email"),
    ),
    inside(
      "/settings/second-factor",
      lazyRouteComponent(() => import("./account/SecondFactor"), "SecondFactor"),
    ),
    inside(
      "/settings/telegram",
      lazyRouteComponent(() => import("./account/Telegram"), "Telegram"),
    ),
    inside(
      "/settings/sessions",
      lazyRouteComponent(() => import("./account/Sessions"), "Sessions"),
    ),
    inside(
      "/settings/consents",
      lazyRouteComponent(() => import("./account/Consents"), "Consents"),
    ),
    inside(
      "/settings/export",
      lazyRouteComponent(() => import("./account/Export"), "Export"),
    ),
    inside(
      "/settings/erase",
      lazyRouteComponent(() => import("./account/Erase"), "Erase"),
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

function Root() {
  const page = (
    <>
      <Led />
      <Outlet />
    </>
  );
  if (!launch) return page;
  return (
    <Suspense fallback={<Loading />}>
      <InTelegram launch={launch}>{page}</InTelegram>
    </Suspense>
  );
}

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
  defaultErrorComponent: Broken,
  scrollRestoration: true,
  // What stands behind a `?` is text: a house's code of digits is no number.
  parseSearch: parseSearchWith((value) => value),
  stringifySearch: stringifySearchWith(String),
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
