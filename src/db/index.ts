/** The door of `db`: PostgreSQL, and nowhere else. */
export { createBatcher, type Batcher } from "./batcher.ts";
export { openDatabase, type Database, type PoolUse, type Queries, type Tx } from "./database.ts";
export { examineDatabase, type DatabaseFacts } from "./examine.ts";
export { startOwnPostgres, visitOwnPostgres, type OwnPostgres } from "./own-postgres.ts";
export { DatabaseGone } from "./errors.ts";
export { recordEvents, row as logRow, type LogEntry } from "./event-log.ts";
export { takeLock, type Lock } from "./lock.ts";
export { migrate } from "./migrate.ts";
export { dbSettings } from "./settings.ts";
export { asStartError } from "./start-trouble.ts";
export { createWakes, type Topic, type Wakes } from "./wakes.ts";
