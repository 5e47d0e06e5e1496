/** The addresses of the resident's page. A new slice's are lines here, and one of the navigation in `Frame.tsx`. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  parseSearchWith,
  type RouteComponent,
  stringifySearchWith,
} from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTexts } from "~/texts/texts";
import { Broken } from "~/ui/Broken";
import { latePage } from "~/ui/late";
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
      latePage(() => import("./passes/Passes"), "Passes"),
    ),
    inside(
      "/passes/new/$kind",
      latePage(() => import("./passes/NewPass"), "NewPass"),
    ),
    inside(
      "/passes/$pass",
      latePage(() => import("./passes/OnePass"), "OnePass"),
    ),
    inside(
      "/journal",
      latePage(() => import("./journal/Journal"), "Journal"),
    ),
    inside(
      "/journal/looked",
      latePage(() => import("./journal/Looked"), "Looked"),
    ),
    inside(
      "/journal/kept",
      latePage(() => import("./journal/Kept"), "Kept"),
    ),
    inside(
      "/household",
      latePage(() => import("./household/Household"), "Household"),
    ),
    inside("/communities/$community/$", Told),
    inside(
      "/settings",
      latePage(() => import("./account/Settings"), "Settings"),
    ),
    inside(
      "/settings/me",
      latePage(() => import("./account/Me"), "Me"),
    ),
    inside(
      "/settings/told",
      latePage(() => import("./account/HowTold"), "HowTold"),
    ),
    inside(
      "/settings/passkeys",
      latePage(() => import("./account/Passkeys"), "Passkeys"),
    ),
    inside(
      "/settings/password",
      latePage(() => import("./account/Password"), "Password"),
    ),
    inside(
      "/settings/email",
      latePage(() => import("./account/Email"), "Email"),
    ),
    inside(
      "/settings/second-factor",
      latePage(() => import("./account/SecondFactor"), "SecondFactor"),
    ),
    inside(
      "/settings/telegram",
      latePage(() => import("./account/Telegram"), "Telegram"),
    ),
    inside(
      "/settings/sessions",
      latePage(() => import("./account/Sessions"), "Sessions"),
    ),
    inside(
      "/settings/consents",
      latePage(() => import("./account/Consents"), "Consents"),
    ),
    inside(
      "/settings/export",
      latePage(() => import("./account/Export"), "Export"),
    ),
    inside(
      "/settings/erase",
      latePage(() => import("./account/Erase"), "Erase"),
    ),
  ]),
  outside(
    "/sign-in",
    latePage(() => import("./account/SignIn"), "SignIn"),
  ),
  outside(
    "/join/$key",
    latePage(() => import("./join/Join"), "Join"),
  ),
  outside(
    "/reset/$token",
    latePage(() => import("./account/Reset"), "Reset"),
  ),
  outside(
    "/prove/$token",
    latePage(() => import("./account/Prove"), "Prove"),
  ),
  outside(
    "/visits/$token",
    latePage(() => import("./visit/Visit"), "Visit"),
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
