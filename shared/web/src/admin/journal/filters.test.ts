import { expect, test } from "vitest";
import { filters } from "./filters";

test("what was written into an address by hand is taken as far as it makes sense", () => {
  expect(
    filters({ plate: 777, house: "12", kind: "passed", from: "2026-03-31T14:05", until: "soon" }),
  ).toEqual({
    plate: "777",
    kind: "passed",
    from: "2026-03-31T14:05",
  });
  expect(filters({ plate: "  ", kind: "opened", house: "01M8BNFWPTGGBWE0FFSF5ZA3NM", else: 1 })).toEqual({
    house: "01M8BNFWPTGGBWE0FFSF5ZA3NM",
  });
  expect(filters({ from: "2026-99-99", until: "12026-01-01T00:00" })).toEqual({});
});
