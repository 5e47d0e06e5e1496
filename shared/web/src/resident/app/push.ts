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

const TOLD = "told-here";
type Told = { account: string; browsers: Record<string, string> };

function told(): Partial<Told> {
  try {
    return JSON.parse(localStorage.getItem(TOLD) ?? "{}");
  } catch {
    return {};
  }
}

/** As which of the account's browsers this one is told in a settlement, as far as this session has said it. */
export function toldAs(account: string, community: string): string | undefined {
  const known = told();
  return known.account === account ? known.browsers?.[community] : undefined;
}

export function keepToldAs(account: string, community: string, browser: string | undefined) {
  const known = told();
  const others = known.account === account ? known.browsers : {};
  const browsers = { ...others, [community]: browser };
  localStorage.setItem(TOLD, JSON.stringify({ account, browsers }));
}

/** A session has ended, or another begins: with the one before the cloud has forgotten how this browser is told. */
export const forgetTold = () => localStorage.removeItem(TOLD);
