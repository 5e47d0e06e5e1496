// Makes the TypeScript types of both APIs from their committed descriptions; `--check` says whether they are fresh.
import { readFile, writeFile } from "node:fs/promises";
import openapi, { astToString } from "openapi-typescript";

const here = (path) => new URL(path, import.meta.url);
const APIS = [
  [here("../../../cloud/openapi.json"), here("../src/api/cloud.ts"), {}],
  // What has a default may be left out there: it stands in requests only.
  [here("../../../hub/openapi.json"), here("../src/api/hub.ts"), { defaultNonNullable: false }],
];
const check = process.argv.includes("--check");

for (const [description, types, options] of APIS) {
  const head = "// @generated from openapi.json by `npm run types`; a test fails when it is stale.\n\n";
  const text = head + astToString(await openapi(JSON.parse(await readFile(description, "utf8")), options));
  if (!check) {
    await writeFile(types, text);
  } else if (text !== (await readFile(types, "utf8"))) {
    console.error(`${types.pathname} is stale: npm run types`);
    process.exitCode = 1;
  }
}
