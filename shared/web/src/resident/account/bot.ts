/** The bot in Telegram, and whom one is there. */
import type { Doc } from "~/api/client";

/** A link to the bot; with what it is told whoever begins there brings along. */
export function botLink(bot: string, payload = ""): string {
  return `https://t.me/${bot}${payload && `?start=${payload}`}`;
}

/** What somebody is called there: by what others find them, or as they call themselves. */
export function nameOf({ handle, name }: Pick<Doc<"MyMessenger">, "handle" | "name">): string {
  return handle ? `@${handle}` : name;
}
