import { expect } from "@playwright/test";
import type { Stage } from "../stage";

/** On a machine with much else to do a camera may look too seldom: then the car turns round, and comes again. */
const TRIES = 3;

/** A car that may come in comes, and goes through. */
export async function arrives(stage: Stage, scene: string) {
  const verdicts = [];
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { verdict } = await stage.say(`comes ${scene}`);
    if (verdict === "open") return stage.say("drives main");
    verdicts.push(verdict);
    await stage.say("leaves");
  }
  return expect(verdicts, scene).toContain("open");
}
