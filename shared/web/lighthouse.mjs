// Lighthouse on the resident's first screen, as a phone in the rain sees it: over the demo, whose cloud serves the pages that were
// built, signed in as a resident. Of several runs the middle one counts.
//
// Lighthouse takes a machine for a desktop and slows it four times to be a phone. One that is busy with something else is a phone
// as it is: from the second run on it is slowed by as much as its own measure says, and each run says by how much.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "@playwright/test";
import lighthouse from "lighthouse";

const GOAL = 95;
const RUNS = Number(process.env.RUNS ?? 3);
const CATEGORIES = ["performance", "accessibility", "best-practices"];
const METRICS = [
  "first-contentful-paint",
  "largest-contentful-paint",
  "total-blocking-time",
  "cumulative-layout-shift",
  "speed-index",
  "interactive",
];
/** A phone's line, as Lighthouse has it for mobile: slow 4G. */
const PHONE = {
  rttMs: 150,
  throughputKbps: 1638.4,
  requestLatencyMs: 562.5,
  downloadThroughputKbps: 1474.56,
  uploadThroughputKbps: 675,
};
/** What Lighthouse measures (`benchmarkIndex`) where four times slower is a phone: its documentation of throttling. */
const DESKTOP = 1500;
const SLOWER = 4;
const PROGRAMS = process.env.DWELLERS_PROGRAMS ?? new URL("../../target/debug", import.meta.url).pathname;

const demo = spawn(`${PROGRAMS}/dwellers-demo`, ["--json", "--port", "0"], {
  stdio: ["pipe", "pipe", "inherit"],
});
const lines = createInterface({ input: demo.stdout })[Symbol.asyncIterator]();
const told = async () => JSON.parse((await lines.next()).value);
const profile = await mkdtemp(join(tmpdir(), "dwellers-lighthouse-"));
try {
  const { cloud } = await told();
  demo.stdin.write("link resident\n");
  const cookie = await signIn(cloud, (await told()).link);
  const port = await freePort();
  // Not a context of its own: what is private cannot be installed.
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", `--remote-debugging-port=${port}`],
    locale: "ru-RU",
  });
  try {
    await measure(`${cloud}/`, port, cookie);
    await askToInstall(browser, `${cloud}/`, cookie);
  } finally {
    await browser.close();
  }
} finally {
  demo.stdin.end();
  await rm(profile, { recursive: true, force: true });
}

async function measure(url, port, cookie) {
  const runs = [];
  let slower = SLOWER;
  for (let run = 1; run <= RUNS; run++) {
    const { lhr } = await lighthouse(url, {
      port,
      locale: "ru",
      onlyCategories: CATEGORIES,
      throttling: { ...PHONE, cpuSlowdownMultiplier: slower },
      extraHeaders: { Cookie: cookie },
    });
    const points = CATEGORIES.map((id) => Math.round(lhr.categories[id].score * 100));
    const machine = Math.round(lhr.environment.benchmarkIndex);
    console.log(`run ${run}: ${points.join(" / ")}, machine ${machine}, slowed ${slower.toFixed(1)} times`);
    slower = Math.min(SLOWER, Math.max(1, (machine / DESKTOP) * SLOWER));
    runs.push({ lhr, points });
  }
  const { lhr, points } = runs.sort((a, b) => a.points[0] - b.points[0])[Math.floor(RUNS / 2)];
  for (const [nth, id] of CATEGORIES.entries()) console.log(`${id.padEnd(28)}${points[nth]}`);
  for (const id of METRICS) console.log(`${id.padEnd(28)}${lhr.audits[id].displayValue}`);
  for (const id of CATEGORIES) {
    for (const { id: audit, weight } of lhr.categories[id].auditRefs) {
      const { score, title, displayValue = "" } = lhr.audits[audit];
      if (weight && score !== null && score < 0.9) console.log(`below: ${title} ${displayValue}`);
    }
  }
  if (points.some((one) => one < GOAL)) process.exitCode = 1;
}

/** Whether a browser would install it: it says itself what it misses. Lighthouse does not ask any more. */
async function askToInstall(browser, url, cookie) {
  const [name, value] = cookie.split("=");
  await browser.addCookies([{ name, value, url }]);
  const page = await browser.newPage();
  await page.goto(url);
  await page.evaluate(() =>
    Promise.race([
      navigator.serviceWorker.ready,
      new Promise((_, late) => setTimeout(() => late(new Error("no service worker")), 20_000)),
    ]),
  );
  const devtools = await browser.newCDPSession(page);
  const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
  const { errors } = await devtools.send("Page.getAppManifest");
  const missing = [
    ...installabilityErrors.map(({ errorId }) => errorId),
    ...errors.map(({ message }) => message),
  ];
  console.log(`${"installable".padEnd(28)}${missing.length ? missing.join(", ") : "yes"}`);
  if (missing.length) process.exitCode = 1;
}

/** Signs in by a link; the cookie of the session. */
async function signIn(cloud, link) {
  const answer = await fetch(`${cloud}/api/v1/session/link`, {
    method: "POST",
    headers: { Origin: cloud, "Content-Type": "application/json" },
    body: JSON.stringify({ token: link.split("/").pop() }),
  });
  const [cookie] = answer.headers.getSetCookie();
  if (!cookie) throw new Error(`nobody is signed in: ${await answer.text()}`);
  return cookie.split(";")[0];
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
