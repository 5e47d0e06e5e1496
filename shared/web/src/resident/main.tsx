/** The resident's page. */
import { RouterProvider } from "@tanstack/react-router";
import { queries } from "~/api/queries";
import { mount } from "~/ui/mount";
import { router } from "./router";
import "./styles";
import russian from "./texts.ru";

mount({ ru: russian, en: () => import("./texts.en") }, queries(), <RouterProvider router={router} />);
