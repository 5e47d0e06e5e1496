/** The guard's page: the touchscreen at the hub. */
import "@mantine/core/styles.css";
import { kiosk } from "~/api/kiosk";
import { queries } from "~/api/queries";
import { mount } from "~/ui/mount";
import { Screen } from "./Screen";
import { WHO } from "./session/session";
import russian from "./texts.ru";
import "./post/post.css";

const client = queries();
// Whoever is not known any more is asked who they are.
kiosk.use({
  onResponse({ response }) {
    if (response.status === 401) client.invalidateQueries({ queryKey: WHO });
  },
});

mount({ ru: russian, en: () => import("./texts.en") }, client, <Screen />);
