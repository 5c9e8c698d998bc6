import { copyFileSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import pg from "pg";
import { numberOf } from "./conversation-load.ts";
import { pause } from "./numbers.ts";
import { cpuSeconds } from "./processes.ts";
import { question } from "./questions.ts";
import { openStand } from "./stand.ts";
const mode = process.argv[2];
const stand = await openStand();
const folder = readdirSync(tmpdir()).filter((n) => n.startsWith("detour-bench-")).at(-1)!;
const env: Record<string,string> = {};
if (process.env.DOPT) env.NODE_OPTIONS = process.env.DOPT;
if (mode === "cpu") env.NODE_OPTIONS = "--cpu-prof --cpu-prof-dir=/tmp/prof --cpu-prof-interval=500";
if (mode === "sql") {
  const sockets = `${tmpdir()}/${folder}/sockets`;
  const c = new pg.Client({ host: sockets, user: "detour", database: "detour" }); await c.connect();
  await c.query("alter role detour set log_min_duration_statement = 0");
  if (process.argv[4]) { for (const x of ["session_preload_libraries = auto_explain", "auto_explain.log_min_duration = " + process.argv[4], "auto_explain.log_analyze = on", "auto_explain.log_timing = on", "auto_explain.log_nested_statements=off"]) await c.query("alter role detour set " + x); }
  await c.end();
}
const detour = await stand.startDetour(env);
const people = 4000; let turn = 0, answered = 0, stopped = false, errors = 0;
const write = () => { const p = turn % people; detour.provider.write(numberOf(p), question(p, Math.floor(turn++ / people))).catch(() => errors++); };
detour.provider.onReply = () => { answered++; if (!stopped) write(); };
const inFlight = Number(process.argv[3] ?? 256);
for (let i = 0; i < inFlight; i++) write();
await pause(2000);
if (process.argv[5] === "analyze") { await detour.query("analyze"); await pause(500); }
const fam = () => ({ app: cpuSeconds([detour.pid]), all: cpuSeconds([detour.pid, stand.postmaster]), answered, at: performance.now() });
const b = fam(); await pause(4000); const a = fam();
stopped = true; await pause(800);
const n = a.answered - b.answered;
console.log({ perSecond: n / (a.at - b.at) * 1000, cpu: (a.all - b.all) / n * 1000, app: (a.app - b.app) / n * 1000, busy: (a.all-b.all)/(a.at-b.at)*1000, turn, answered, errors });
console.log(await detour.query("select owner, count(*)::int from conversation group by 1"));
console.log(await detour.query("select relname, n_tup_ins::int, n_tup_upd::int, n_tup_hot_upd::int, seq_scan::int, seq_tup_read::int, idx_scan::int from pg_stat_user_tables where n_tup_ins+n_tup_upd > 100 order by 2 desc"));
if (mode === "sql") { copyFileSync(`${tmpdir()}/${folder}/postgres/server.log`, "/tmp/sql.log"); }
await detour.stop(); await stand.close(); process.exit(0);
