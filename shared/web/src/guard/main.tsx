/** The guard's page: the touchscreen at the hub. */
import "@mantine/core/styles.css";
import { queries } from "~/api/queries";
import { mount } from "~/ui/mount";
import { Screen } from "./Screen";
import russian from "./texts.ru";

mount({ ru: russian, en: () => import("./texts.en") }, queries(), <Screen />);
