/** Where a link leads that is tapped within Telegram. */

export type Leads =
  /** On, in this window. */
  | { to: "here" }
  /** To somebody or something in Telegram, which it opens itself. */
  | { to: "telegram"; path: string }
  /** To another site, or to what is no page for a frame: to the browser. */
  | { to: "browser"; url: string };

const TELEGRAM = ["t.me", "telegram.me", "telegram.dog"];

/** `framed`: the window is a frame of Telegram's own page. */
export function leads(href: string, origin: string, framed: boolean): Leads {
  const url = new URL(href, origin);
  if (!/^https?:$/.test(url.protocol)) return { to: "here" };
  if (url.origin === origin) {
    // Nobody frames the administrator's page.
    const isOffice = /^\/admin(\/|$)/.test(url.pathname);
    return framed && isOffice ? { to: "browser", url: url.href } : { to: "here" };
  }
  if (TELEGRAM.includes(url.hostname)) return { to: "telegram", path: url.pathname + url.search };
  return { to: "browser", url: url.href };
}
