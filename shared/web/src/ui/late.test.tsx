import { expect, test } from "vitest";
import { Missing, twice } from "./late";

test("a part is asked for twice, and then missing", async () => {
  let asked = 0;
  const comes = (at: number) => async () => {
    asked += 1;
    if (asked < at) throw new TypeError("Failed to fetch dynamically imported module");
    return "part";
  };
  await expect(twice(comes(2))).resolves.toBe("part");
  asked = 0;
  await expect(twice(comes(3))).rejects.toBeInstanceOf(Missing);
  expect(asked).toBe(2);
});
