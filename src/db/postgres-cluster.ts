import { StartError, messageOf } from "#kit";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Binaries, Launcher } from "./postgres-binaries.ts";

/** The one account of our own server; it may do everything there. */
export const SUPERUSER = "detour";

/** A PostgreSQL cluster in a folder, and the programs that drive it. */
export interface Cluster {
  /** True when the folder holds a cluster already. */
  exists(): boolean;
  create(): Promise<void>;
  /** Starts the server and waits until it answers. Throws `StartError` with PostgreSQL's own last words. */
  start(): Promise<void>;
  /** Ends the server; what is committed stays. Never rejects. */
  stop(): Promise<void>;
}

/** The cluster in `data`, reached by a socket in `sockets`. */
export function openCluster(place: Place, binaries: Binaries, launch: Launcher): Cluster {
  return {
    exists: () => existsSync(join(place.data, "PG_VERSION")),
    create: () => createCluster(binaries, launch, place.data),
    async start() {
      await forgetDead(join(place.data, "postmaster.pid"));
      await forgetDead(join(place.sockets, ".s.PGSQL.5432.lock"));
      await startServer(binaries, launch, place);
    },
    async stop() {
      await launch.run(binaries.env, binaries.pg_ctl, ["-D", place.data, "-m", "fast", "-w", "stop"]).catch(() => {});
    },
  };
}

interface Place {
  data: string;
  sockets: string;
}

/** Built beside its final place and renamed, so that a kill in the middle leaves nothing half made. */
async function createCluster(binaries: Binaries, launch: Launcher, data: string) {
  const draft = `${data}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  await launch.own(draft);
  const args = ["-D", draft, "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"];
  await launch.run(binaries.env, binaries.initdb, args).catch((error: unknown) => {
    throw new StartError(`PostgreSQL could not be set up in ${data}: ${lastLine(messageOf(error))} ${AS_ROOT}`);
  });
  await rename(draft, data);
}

const AS_ROOT =
  "As root it needs user namespaces (unshare --user) or a folder that user nobody can reach; otherwise start Detour as an ordinary user or set DATABASE_URL.";

async function startServer(binaries: Binaries, launch: Launcher, place: Place) {
  const options = [
    "-c listen_addresses=''",
    `-c unix_socket_directories='${place.sockets}'`,
    "-c shared_buffers=128MB",
    "-c max_connections=100",
    "-c jit=off",
  ];
  const log = join(place.data, "server.log");
  const args = ["-D", place.data, "-w", "-t", "30", "-l", log, "-o", options.join(" "), "start"];
  await launch.run(binaries.env, binaries.pg_ctl, args).catch((error: unknown) => {
    const words = existsSync(log) ? lastLine(readFileSync(log, "utf8")) : lastLine(messageOf(error));
    throw new StartError(`Detour's own PostgreSQL did not start: ${words} See ${log}.`);
  });
}

/** Above every process id Linux gives out. */
const NOBODYS_PID = "2147483647";

/**
 * A killed server whose parent does not collect it (node as process 1 of a container) stays as a zombie, and
 * PostgreSQL takes it for alive. Its number is taken out of the lock file; the rest stays, by which PostgreSQL still
 * sees processes the dead one has left behind.
 */
async function forgetDead(lock: string): Promise<void> {
  const [pid, ...rest] = (await readFile(lock, "utf8").catch(() => "")).split("\n");
  const status = pid ? await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "") : "";
  if (/\) Z /.test(status)) await writeFile(lock, [NOBODYS_PID, ...rest].join("\n"));
}

const lastLine = (words: string) => words.trim().split("\n").at(-1) ?? "";
