/** The resident's page. */
import "./begin";
import { PersistQueryClientProvider } from "@tanstack/react-query-persist-client";
import { RouterProvider } from "@tanstack/react-router";
import { queries } from "~/api/queries";
import { keepApart } from "~/session/session";
import { mount } from "~/ui/mount";
import { beApp } from "./app/install";
import { forget, persistOptions } from "./app/kept";
import { router } from "./router";
import "./styles";
import russian from "./texts.ru";

const client = queries();
keepApart(client);
mount(
  { ru: russian, en: () => import("./texts.en") },
  client,
  <PersistQueryClientProvider
    client={client}
    persistOptions={persistOptions}
    // What was kept is shown at once, and asked for anew: much may have happened since.
    onSuccess={() => client.invalidateQueries()}
  >
    <RouterProvider router={router} />
  </PersistQueryClientProvider>,
  forget,
);
beApp();
