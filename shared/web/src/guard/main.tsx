/** The guard's page: the touchscreen at the hub. */
import "@mantine/core/styles.css";
import { kiosk } from "~/api/kiosk";
import { queries } from "~/api/queries";
import { mount } from "~/ui/mount";
import { Standing } from "./Fallen";
import { Screen } from "./Screen";
import { WHO } from "./session/session";
import russian from "./texts.ru";
import "./post/post.css";

/** What was looked for once is not asked for again. */
const MINUTE_MS = 60_000;

const client = queries(MINUTE_MS);
// Whoever is not known any more is asked who they are.
kiosk.use({
  onResponse({ response }) {
    if (response.status === 401) client.invalidateQueries({ queryKey: WHO });
  },
});

mount(
  { ru: russian, en: () => import("./texts.en") },
  client,
  <Standing>
    <Screen />
  </Standing>,
);
