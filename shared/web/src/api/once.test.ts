import { expect, test } from "vitest";
import { once } from "./once";

test("a key is the same for the same form until it was done", () => {
  const key = once();
  const first = key({ plate: "А 123 ВС 77" });
  expect(key({ plate: "А 123 ВС 77" })).toEqual(first);
  const other = key({ plate: "В 001 АА 777" });
  expect(other).not.toEqual(first);
  key.done();
  expect(key({ plate: "В 001 АА 777" })).not.toEqual(other);
});
