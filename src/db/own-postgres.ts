import { StartError, messageOf, systemClock, type Clock } from "#kit";
import { createHash } from "node:crypto";
import { constants, existsSync } from "node:fs";
import { access, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import pg from "pg";
import { findBinaries, launcher } from "./postgres-binaries.ts";
import { SUPERUSER, openCluster, type Cluster } from "./postgres-cluster.ts";
import { keepRunning } from "./postgres-watch.ts";

/** A PostgreSQL that belongs to this installation: in the data folder, on a Unix socket, no port, no password. */
export interface OwnPostgres {
  url: string;
  /** Stops the server; what is committed stays. */
  stop(): Promise<void>;
}

const DATABASE = "detour";
const IN_USE = 7_305_000;
/** A Unix socket's whole path may have at most 107 bytes. */
const SOCKET_PATH_MOST = 80;
const ANSWER_WITHIN_MS = 2000;

/**
 * Starts the server, or adopts one that a killed Detour left running, and starts it again whenever it ends by itself.
 * Throws `StartError` when the folder cannot be used, is in use, or PostgreSQL cannot run as this user.
 */
export async function startOwnPostgres(dataDir: string, clock: Clock = systemClock): Promise<OwnPostgres> {
  const home = resolve(dataDir);
  const { cluster, sockets } = await usableFolder(home, () => prepare(home));
  if (!cluster.exists()) await cluster.create();
  const ensure = async () => {
    if (!(await answers(sockets))) await cluster.start();
  };
  await ensure();
  await createDatabase(sockets);
  const watch = await keepRunning({ ensure, hold: () => holdFolder(sockets, home) }, clock);

  return {
    url: addressAt(sockets),
    async stop() {
      await watch.stop();
      await cluster.stop();
    },
  };
}

/**
 * The same server for a look at it: as it runs, or started for the time of the visit. Null when it was never made, and
 * nothing is made then.
 */
export async function visitOwnPostgres(dataDir: string): Promise<OwnPostgres | null> {
  const home = resolve(dataDir);
  if (!existsSync(join(home, "postgres"))) return null;
  const { cluster, sockets } = await usableFolder(home, () => prepare(home));
  const runs = await answers(sockets);
  if (!runs) await cluster.start();
  return { url: addressAt(sockets), stop: () => (runs ? Promise.resolve() : cluster.stop()) };
}

async function prepare(home: string): Promise<{ cluster: Cluster; sockets: string }> {
  await makeFolder(home);
  const binaries = await findBinaries(home);
  const launch = launcher();
  const sockets = socketFolder(home);
  await makeFolder(sockets);
  await launch.own(sockets);
  return { cluster: openCluster({ data: join(home, "postgres"), sockets }, binaries, launch), sockets };
}

async function makeFolder(path: string) {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await access(path, constants.W_OK | constants.X_OK);
}

/** Whatever the file system refuses here has one reason and one remedy. */
async function usableFolder<T>(home: string, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw new StartError(
      `DATA_DIR: the folder ${home} cannot be written (${messageOf(error)}). Choose another folder or change its owner.`,
    );
  }
}

const addressAt = (sockets: string) =>
  `postgres://${SUPERUSER}@localhost/${DATABASE}?host=${encodeURIComponent(sockets)}`;

function socketFolder(home: string): string {
  const near = join(home, "sockets");
  if (near.length <= SOCKET_PATH_MOST) return near;
  return join(tmpdir(), `detour-${createHash("sha256").update(home).digest("hex").slice(0, 16)}`);
}

async function connect(sockets: string): Promise<pg.Client> {
  const timeout = { connectionTimeoutMillis: ANSWER_WITHIN_MS };
  const client = new pg.Client({ host: sockets, user: SUPERUSER, database: "postgres", ...timeout });
  client.on("error", () => {});
  await client.connect();
  return client;
}

async function answers(sockets: string): Promise<boolean> {
  try {
    await (await connect(sockets)).end();
    return true;
  } catch {
    return false;
  }
}

async function createDatabase(sockets: string) {
  const client = await connect(sockets);
  try {
    const { rowCount } = await client.query("select 1 from pg_database where datname = $1", [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}

/** A session lock held for our whole life: a second Detour on the same folder finds it taken. */
async function holdFolder(sockets: string, home: string): Promise<pg.Client> {
  const client = await connect(sockets);
  const { rows } = await client.query<{ held: boolean }>("select pg_try_advisory_lock($1) as held", [IN_USE]);
  if (rows[0]?.held) return client;
  await client.end();
  throw new StartError(
    `DATA_DIR: the folder ${home} is in use by another Detour. Stop that one, or give this one its own DATA_DIR.`,
  );
}
