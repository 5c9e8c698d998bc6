import { existsSync } from "node:fs";
import { readSettings } from "#config";
import { dbSettings } from "./settings.ts";
import { migrate } from "./migrate.ts";
import { openDatabase } from "./database.ts";
import { startOwnPostgres } from "./own-postgres.ts";

if (existsSync(".env")) process.loadEnvFile(".env");
const { db: settings } = readSettings(process.env, { db: dbSettings });
const own = settings.DATABASE_URL ? null : await startOwnPostgres(settings.DATA_DIR);
const db = openDatabase({
  url: settings.DATABASE_URL ?? own!.url,
  tenant: settings.TENANT,
  connections: 2,
  queryTimeoutMs: 60_000,
});
const applied = await migrate(db);
process.stdout.write(applied.length === 0 ? "Nothing to migrate.\n" : `Applied ${applied.join(", ")}.\n`);
await db.close();
await own?.stop();
