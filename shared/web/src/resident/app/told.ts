/** What the app does with what it is told: where it leads, and what a browser shows of it. */

/** Where in this page a message leads, by what stands behind its settlement in the link. */
export function placeOf(link: string): string {
  const [what, id] = link.split("/");
  switch (what) {
    case "passes":
      return id ? `/passes/${encodeURIComponent(id)}` : "/passes";
    case "applications":
      return id ? `/admin/applications/${encodeURIComponent(id)}` : "/admin/";
    case "alarms":
      return "/admin/";
    default:
      // Questions stand on the first screen.
      return "/";
  }
}

/** What the cloud pushes. */
export type Pushed = { tag: string; title: string; text: string; link: string; urgent: boolean };

/** What was pushed, where it is what the cloud pushes; links lead nowhere but to this page. */
export function pushed(text: string | undefined, origin: string): Pushed | undefined {
  try {
    const { tag, title, text: words, link, urgent } = JSON.parse(text ?? "");
    if (typeof title !== "string" || typeof words !== "string") return undefined;
    const to = new URL(String(link || "/"), origin);
    const place = to.origin === origin ? to.pathname + to.search : "/";
    return { tag: String(tag ?? ""), title, text: words, link: place, urgent: urgent === true };
  } catch {
    return undefined;
  }
}
