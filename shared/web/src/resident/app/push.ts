/** Messages in this browser, while the page is closed. */
import { bytes } from "~/session/passkey";

/** Whether this browser can be told; on a phone of Apple's only the installed app can. */
export function canBeTold(): boolean {
  return "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
}

/** How this browser is told, where it is. */
export async function subscribed(): Promise<PushSubscription | undefined> {
  if (!canBeTold()) return undefined;
  const registration = await navigator.serviceWorker.getRegistration();
  return (await registration?.pushManager.getSubscription()) ?? undefined;
}

/** The person has said no, now or before: only they can change it, in the browser's own settings. */
export class Forbidden extends Error {
  override name = "Forbidden";
}

/** Asks the person, and the browser's maker for an address; `key` is the one by which browsers know the cloud. */
export async function subscribe(key: string): Promise<PushSubscription> {
  if ((await Notification.requestPermission()) !== "granted") throw new Forbidden();
  const registration = await navigator.serviceWorker.ready;
  return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
}

/** This browser is told no more. */
export async function unsubscribe(): Promise<void> {
  await (await subscribed())?.unsubscribe();
}
