import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startOwnPostgres } from "#db";
import { closedLoop } from "./closed-loop.ts";
import { pin, startProgram } from "./processes.ts";
import { startProvider } from "./provider.ts";

const folder = mkdtempSync(join(tmpdir(), "detour-bench-"));
const postgres = await startOwnPostgres(folder);
const postmaster = Number(readFileSync(join(folder, "postgres/postmaster.pid"), "utf8").split("\n")[0]);
pin(postmaster);

const port = 39_100;
const provider = await startProvider(`http://127.0.0.1:${port}/`, "secret");
const bare = startProgram(new URL("bare.ts", import.meta.url).pathname, { DATABASE_URL: postgres.url, PORT: String(port), PROVIDER_URL: provider.url, APP_SECRET: "secret" }, /ready/);
await bare.ready;
console.log(await closedLoop(provider, [bare.child.pid!, postmaster], { customers: 256, warmUpMs: 2000, runMs: 5000 }));
await bare.stop();
provider.close();
await postgres.stop();
rmSync(folder, { recursive: true });
process.exit(0);
