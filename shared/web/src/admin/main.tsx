/** The administrator's page. */
import "@mantine/core/styles.css";
import { RouterProvider } from "@tanstack/react-router";
import { queries } from "~/api/queries";
import { mount } from "~/ui/mount";
import { router } from "./router";
import russian from "./texts.ru";

mount({ ru: russian, en: () => import("./texts.en") }, queries(), <RouterProvider router={router} />);
