import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** What `npm ci` leaves to do, because it runs no install scripts: the Prisma client and the web app. */
const ROOT = fileURLToPath(new URL("..", import.meta.url));
const STAMPS = join(ROOT, "node_modules/.cache/detour");

interface Step {
  name: string;
  /** Files and folders whose change makes it necessary again. */
  from: string[];
  makes: string;
  command: string[];
}

const STEPS: Step[] = [
  {
    name: "database client",
    from: ["prisma/schema.prisma", "package-lock.json"],
    makes: "src/db/generated/client.ts",
    command: ["prisma", "generate"],
  },
  {
    name: "web app",
    from: ["web", "package-lock.json"],
    makes: "dist/web/index.html",
    command: ["vite", "build", "--config", "web/vite.config.ts", "--logLevel", "warn"],
  },
];

/** Does every step whose sources changed since the last time. Throws with the tool's own words when one fails. */
export function prepare(): void {
  for (const step of STEPS) {
    const stamp = join(STAMPS, `${step.name.replace(" ", "-")}.sha256`);
    const now = fingerprint(step.from);
    if (existsSync(join(ROOT, step.makes)) && existsSync(stamp) && readFileSync(stamp, "utf8") === now) continue;
    run(step);
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, now);
  }
}

function run(step: Step) {
  const [tool, ...args] = step.command;
  // Prisma would download a schema engine that `generate` does not use; any existing path stops that.
  const env = {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: "/bin/true",
    CHECKPOINT_DISABLE: "1",
    NO_UPDATE_NOTIFIER: "1",
  };
  const path = `${join(ROOT, "node_modules/.bin")}:${process.env["PATH"]}`;
  const result = spawnSync(tool!, args, { cwd: ROOT, env: { ...env, PATH: path }, encoding: "utf8" });
  if (result.status !== 0) throw new Error(`Making the ${step.name} failed.\n${result.stdout}${result.stderr}`);
}

function fingerprint(paths: string[]): string {
  const hash = createHash("sha256");
  for (const path of paths.flatMap((path) => files(join(ROOT, path))).sort())
    hash.update(path).update(readFileSync(path));
  return hash.digest("hex");
}

function files(path: string): string[] {
  const entries = readdirSafe(path);
  return entries ? entries.flatMap((entry) => files(join(path, entry))) : [path];
}

function readdirSafe(path: string): string[] | null {
  try {
    return readdirSync(path);
  } catch {
    return null;
  }
}

if (import.meta.main) prepare();
