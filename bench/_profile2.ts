import { copyFileSync, readlinkSync } from "node:fs";

import pg from "pg";
import { createCustomers } from "./conversation-load.ts";
import { cpuSeconds, rssMiB } from "./processes.ts";
import { openStand } from "./stand.ts";
import { percentile } from "./numbers.ts";
const mode = process.argv[2]; const secs = Number(process.argv[3] ?? 20);
const stand = await openStand();
const data = readlinkSync(`/proc/${stand.postmaster}/cwd`);
const env: Record<string,string> = { NODE_OPTIONS: (process.env.DOPT ?? "") + " --require=/tmp/mem.cjs" };
if (mode === "cpu") env.NODE_OPTIONS += " --cpu-prof --cpu-prof-dir=/tmp/prof --cpu-prof-interval=500";
if (mode === "sql") {
  const c = new pg.Client({ host: data.replace(/postgres$/, "sockets"), user: "detour", database: "detour" }); await c.connect();
  await c.query("alter role detour set log_min_duration_statement = 0");
  if (process.argv[4]) for (const x of ["session_preload_libraries = auto_explain", "auto_explain.log_min_duration = " + process.argv[4], "auto_explain.log_analyze = on"]) await c.query("alter role detour set " + x);
  await c.end();
}
const detour = await stand.startDetour(env);
detour.provider.statuses = 3;
const load = createCustomers(detour.provider, 2500);
await load(250, 3);
const b = { app: cpuSeconds([detour.pid]), all: cpuSeconds([detour.pid, stand.postmaster]) };
const seen = await load(250, secs);
const a = { app: cpuSeconds([detour.pid]), all: cpuSeconds([detour.pid, stand.postmaster]) };
const n = seen.written;
console.log({ n, cpu: (a.all - b.all) / n * 1000, app: (a.app - b.app) / n * 1000, ack99: percentile(seen.ackMs, 99), reply50: percentile(seen.replyMs, 50), reply99: percentile(seen.replyMs, 99), rss: rssMiB(detour.pid) });
if (mode === "sql") copyFileSync(`${data}/server.log`, "/tmp/sql.log");
await detour.stop(); await stand.close(); process.exit(0);
