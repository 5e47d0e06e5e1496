import { expect, test } from "vitest";
import { bytes, bytesWithin, text } from "./passkey";

test("bytes go through base64url and back, whatever they are", () => {
  const all = Uint8Array.from({ length: 256 }, (_, at) => at);
  expect(bytes(text(all))).toEqual(all);
  expect(text(Uint8Array.of(0xfb, 0xff))).toBe("-_8");
  expect(text(Uint8Array.of())).toBe("");
});

test("of the options only what is bytes becomes bytes", () => {
  const options = {
    challenge: "AQI",
    rpId: "localhost",
    user: { id: "Aw", name: "o" },
    excludeCredentials: [{ id: "BA", type: "public-key" }],
  };
  expect(bytesWithin(options)).toEqual({
    challenge: Uint8Array.of(1, 2),
    rpId: "localhost",
    user: { id: Uint8Array.of(3), name: "o" },
    excludeCredentials: [{ id: Uint8Array.of(4), type: "public-key" }],
  });
  expect(bytesWithin({ challenge: "AQI" })).toEqual({ challenge: Uint8Array.of(1, 2) });
});
