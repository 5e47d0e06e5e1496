import { expect, test } from "vitest";
import { whenItComes } from "./late";

/** A part that comes at this attempt, and a cloud that answers from this question on. */
function at(attempt: number, question: number) {
  const asked = { loads: 0, questions: 0, pauses: 0 };
  const load = async () => {
    asked.loads += 1;
    if (asked.loads < attempt) throw new TypeError("Failed to fetch dynamically imported module");
    return "part";
  };
  const answers = async () => {
    asked.questions += 1;
    return asked.questions >= question;
  };
  const pause = async () => {
    asked.pauses += 1;
  };
  return { asked, part: whenItComes(load, { answers, pause }) };
}

test("a part is asked for twice", async () => {
  const { asked, part } = at(2, 1);
  await expect(part).resolves.toBe("part");
  expect(asked).toEqual({ loads: 2, questions: 0, pauses: 0 });
});

test("a part that the cloud has no more is missing", async () => {
  const { asked, part } = at(3, 1);
  await expect(part).rejects.toThrow("Failed to fetch dynamically imported module");
  expect(asked).toEqual({ loads: 2, questions: 1, pauses: 0 });
});

test("a part is waited for while the cloud does not answer", async () => {
  const { asked, part } = at(6, 9);
  await expect(part).resolves.toBe("part");
  expect(asked).toEqual({ loads: 6, questions: 2, pauses: 2 });
});
