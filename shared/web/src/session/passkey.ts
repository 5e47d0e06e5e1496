/**
 * Passkeys: what the cloud asks is put to the device, and its answer comes back as JSON.
 *
 * Browsers that cannot translate between the two themselves (before 2024) are translated for.
 */

/** Whether this browser has passkeys at all. */
export const hasPasskeys = () => typeof PublicKeyCredential === "function";

/** The person has closed the device's question, or was too slow: nothing went wrong. */
export function wasLeft(error: unknown): boolean {
  return error instanceof DOMException && ["NotAllowedError", "AbortError"].includes(error.name);
}

/** Whether the device has that passkey already. */
export function isKnown(error: unknown): boolean {
  return error instanceof DOMException && error.name === "InvalidStateError";
}

/** Asks the device to sign in with one. */
export async function askPasskey(options: object): Promise<Record<string, never>> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON
    ? PublicKeyCredential.parseRequestOptionsFromJSON(options as PublicKeyCredentialRequestOptionsJSON)
    : (bytesWithin(options) as PublicKeyCredentialRequestOptions);
  return json(await navigator.credentials.get({ publicKey }));
}

/** Asks the device to make one. */
export async function makePasskey(options: object): Promise<Record<string, never>> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON
    ? PublicKeyCredential.parseCreationOptionsFromJSON(options as PublicKeyCredentialCreationOptionsJSON)
    : (bytesWithin(options) as PublicKeyCredentialCreationOptions);
  return json(await navigator.credentials.create({ publicKey }));
}

function json(credential: Credential | null): Record<string, never> {
  if (!credential) throw new DOMException("no passkey", "NotAllowedError");
  const key = credential as PublicKeyCredential;
  return (key.toJSON ? key.toJSON() : textWithin(key)) as Record<string, never>;
}

/** The options of the device, of JSON: what is bytes stands there in base64url. */
export function bytesWithin(options: object): object {
  // biome-ignore lint/suspicious/noExplicitAny: two kinds of options, of which the same parts are bytes
  const { user, ...rest } = options as any;
  const known = (list: { id: string }[] | undefined) => list?.map((one) => ({ ...one, id: bytes(one.id) }));
  return {
    ...rest,
    challenge: bytes(rest.challenge),
    ...(user && { user: { ...user, id: bytes(user.id) } }),
    ...(rest.allowCredentials && { allowCredentials: known(rest.allowCredentials) }),
    ...(rest.excludeCredentials && { excludeCredentials: known(rest.excludeCredentials) }),
  };
}

/** The JSON of what a device has answered. */
function textWithin(key: PublicKeyCredential): object {
  // biome-ignore lint/suspicious/noExplicitAny: of making one or of signing in: what is not there is left out
  const answer = key.response as any;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const response = Object.fromEntries(
    parts.filter((part) => answer[part]).map((part) => [part, text(new Uint8Array(answer[part]))]),
  );
  const { id, type, authenticatorAttachment } = key;
  const clientExtensionResults = key.getClientExtensionResults();
  return { id, rawId: id, type, authenticatorAttachment, clientExtensionResults, response };
}

export function bytes(base64url: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}

export function text(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
