/**
 * The page as an app: its worker, newer versions of it, and whether the browser offers to install it.
 *
 * These are of the browser's window and of nothing else, so they are kept beside what is drawn.
 */
import { useSyncExternalStore } from "react";
import { whenQuiet } from "~/ui/quiet";

type Offer = Event & { prompt: () => Promise<unknown> };
type State = { newer?: ServiceWorker; offer?: Offer };

let state: State = {};
const listeners = new Set<() => void>();

function change(part: Partial<State>) {
  state = { ...state, ...part };
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** The offer to install, where the browser made one; the newer version that waits, where one does. */
export function useApp(): State {
  return useSyncExternalStore(subscribe, () => state);
}

/** Asks the person whether to install; an offer is good once. */
export async function install() {
  const { offer } = state;
  change({ offer: undefined });
  await offer?.prompt();
}

/** Shows the newer version: it takes over, and the page begins anew with it. */
export function renew() {
  navigator.serviceWorker.addEventListener("controllerchange", () => window.location.reload(), {
    once: true,
  });
  state.newer?.postMessage("take-over");
}

/** Makes an app of the page, once everything else has loaded. */
export function beApp() {
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    change({ offer: event as Offer });
  });
  window.addEventListener("appinstalled", () => change({ offer: undefined }));
  if (!("serviceWorker" in navigator) || !import.meta.env.PROD) return;
  const register = async () => {
    const registration = await navigator.serviceWorker.register("/sw.js");
    const waits = () => {
      // Without a controller it is the first one, and newer than nothing.
      if (registration.waiting && navigator.serviceWorker.controller) change({ newer: registration.waiting });
    };
    waits();
    registration.addEventListener("updatefound", () => {
      registration.installing?.addEventListener("statechange", waits);
    });
  };
  // Private windows of some browsers refuse: the page works without.
  whenQuiet(() => register().catch(() => undefined));
}
