/// <reference lib="webworker" />
/**
 * The resident's page without a network, and messages while it is closed.
 *
 * The page itself is kept, all its parts of one version; what was read lies with the page (`kept.ts`). A new version waits
 * until the page is closed, or until it is asked for: never do parts of two run together.
 */
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";
import { pushed } from "./told";

/** A page that is there answers at once. */
const PATIENCE_MS = 1_000;

declare const self: ServiceWorkerGlobalScope;

precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
registerRoute(
  new NavigationRoute(createHandlerBoundToURL("/index.html"), { denylist: [/^\/(api|admin|link)(\/|\?|$)/] }),
);

self.addEventListener("message", ({ data }) => {
  if (data === "take-over") self.skipWaiting();
});

self.addEventListener("push", (event) => {
  const told = pushed(event.data?.text(), self.location.origin);
  // Browsers forbid to be woken and show nothing.
  const { title, text, tag, link, urgent } = told ?? {
    title: "Dwellers",
    text: "",
    tag: "",
    link: "/",
    urgent: false,
  };
  event.waitUntil(
    self.registration.showNotification(title, {
      body: text,
      tag,
      icon: "/icons/icon-192.png",
      badge: "/icons/icon-192.png",
      requireInteraction: urgent,
      data: link,
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(show(String(event.notification.data ?? "/")));
});

/** In the page that is open, which knows what is typed into it, or else in a new one. */
async function show(link: string) {
  const pages = await self.clients.matchAll({ type: "window" });
  const page = pages.find(({ url }) => !/^\/admin(\/|$)/.test(new URL(url).pathname));
  try {
    await page?.focus();
    if (page && (await goes(page, link))) return;
  } catch {
    // Some are not to be brought forward.
  }
  await self.clients.openWindow(link);
}

/** Whether the page says that it goes there; one of an older version says nothing. */
function goes(page: WindowClient, link: string): Promise<boolean> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve(true);
    setTimeout(() => resolve(false), PATIENCE_MS);
    page.postMessage({ lead: link }, [port2]);
  });
}
