/** The administrator's page. */
import "@mantine/core/styles.css";
import { RouterProvider } from "@tanstack/react-router";
import { queries } from "~/api/queries";
import { keepApart } from "~/session/session";
import { mount } from "~/ui/mount";
import { router } from "./router";
import russian from "./texts.ru";

const client = queries();
keepApart(client);
mount({ ru: russian, en: () => import("./texts.en") }, client, <RouterProvider router={router} />);
