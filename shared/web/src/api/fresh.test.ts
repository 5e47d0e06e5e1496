import { execFileSync } from "node:child_process";
import { test } from "vitest";

test("the types are those of the committed descriptions", () => {
  const generate = new URL("../../types/generate.mjs", import.meta.url).pathname;
  execFileSync(process.execPath, [generate, "--check"], { stdio: "pipe" });
}, 60_000);
