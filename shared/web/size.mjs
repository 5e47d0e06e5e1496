// What a phone loads before the resident's first screen works, compressed, against its budget.
import { readFile, stat } from "node:fs/promises";

const BUDGET_BYTES = 200_000;
const dist = new URL("dist/cloud/", import.meta.url);
const manifest = JSON.parse(await readFile(new URL(".vite/manifest.json", dist), "utf8"));

const files = new Set(["index.html"]);
const seen = new Set();
function walk(chunk) {
  if (seen.has(chunk)) return;
  seen.add(chunk);
  const { file, css = [], imports = [] } = manifest[chunk];
  for (const each of [file, ...css]) files.add(each);
  for (const each of imports) walk(each);
}
walk("index.html");

let total = 0;
for (const file of files) {
  const bytes = async (kind) =>
    (await stat(new URL(file + kind, dist)).catch(() => stat(new URL(file, dist)))).size;
  // Over plain HTTP browsers take no brotli: the budget holds for the larger.
  const [brotli, gzip] = [await bytes(".br"), await bytes(".gz")];
  total += gzip;
  console.log(`${file.padEnd(40)} ${String(gzip).padStart(8)} B gzip ${String(brotli).padStart(8)} B brotli`);
}
console.log(`first load: ${total} of ${BUDGET_BYTES} bytes`);
if (total > BUDGET_BYTES) process.exitCode = 1;
