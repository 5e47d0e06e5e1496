import type { Messages } from "~/texts/texts";

const messages: Messages = import.meta.glob(
  ["../../../locales/en/web/shared/*.ftl", "../../../locales/en/web/guard/*.ftl"],
  { eager: true, query: "?raw", import: "default" },
);
export default messages;
