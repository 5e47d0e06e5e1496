import type { Messages } from "~/texts/texts";

const messages: Messages = import.meta.glob(
  ["../../../locales/ru/web/shared/*.ftl", "../../../locales/ru/web/resident/*.ftl"],
  { eager: true, query: "?raw", import: "default" },
);
export default messages;
