/** A Raspberry Pi out of the box: the hub's program on an empty disk, which is a hub of nobody yet. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { PROGRAMS } from "../stage";

const HUB = `${PROGRAMS}/dwellers-hub`;
const PATIENCE_MS = 30_000;

export class Pi {
  readonly #folder: string;
  readonly #child: ChildProcess;

  private constructor(folder: string, child: ChildProcess) {
    this.#folder = folder;
    this.#child = child;
  }

  static async start(): Promise<Pi> {
    const folder = await mkdtemp(join(tmpdir(), "dwellers-pi-"));
    await writeFile(join(folder, "hub.toml"), CONFIG);
    return new Pi(folder, await boot(folder));
  }

  /** Types what the page shows; what the hub answers. */
  async type(command: string): Promise<string> {
    const [, ...words] = command.split(" ");
    const args = ["--config", join(this.#folder, "hub.toml"), ...words];
    const { stdout } = await promisify(execFile)(HUB, args, { timeout: PATIENCE_MS });
    return stdout;
  }

  async end() {
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    if (this.#child.exitCode === null && this.#child.kill()) await ended;
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function boot(folder: string): Promise<ChildProcess> {
  const child = spawn(HUB, ["run", "--config", join(folder, "hub.toml")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  // It says so when it takes commands.
  for await (const line of createInterface({ input: child.stderr })) {
    if (line.includes("the hub starts")) break;
  }
  child.stderr.resume();
  return child;
}

/** Nothing stands behind its gate: nobody drives through it. */
const CONFIG = `
[hub]
data = "data"
run = "run"

[kiosk]
listen = "127.0.0.1:0"

[[gate]]
key = "back"
name = "Задние ворота"
kind = "wicket"
closing = "itself"
sensors = ["position"]
fails = "closed"
driver = { kind = "sim", socket = "gate.sock" }

[[gate.lane]]
key = "in"
direction = "entry"
`;
