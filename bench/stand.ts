import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { startOwnPostgres } from "#db";
import { CORE, pin, startProgram, type Program } from "./processes.ts";
import { NUMBER, startProvider, type Provider } from "./provider.ts";

/** A program under test with a database of its own and a provider of its own. */
export interface Tested {
  program: Program;
  provider: Provider;
  origin: string;
  /** What it was told. */
  env: Record<string, string>;
  pid: number;
  query<Row extends object>(text: string): Promise<Row[]>;
  stop(): Promise<void>;
}

/** One PostgreSQL on the tested core for everything that is compared. */
export interface Stand {
  postmaster: number;
  startBare(): Promise<Tested>;
  startDetour(env?: Record<string, string>): Promise<Tested>;
  close(): Promise<void>;
}

const SECRET = "bench-app-secret";
export const TWILIO = { accountSid: `AC${"0".repeat(31)}1`, authToken: "bench-auth-token", number: "+74951000001" };

const file = (path: string) => new URL(path, import.meta.url).pathname;

export async function openStand(): Promise<Stand> {
  pin(process.pid, CORE.load);
  const folder = mkdtempSync(join(tmpdir(), "detour-bench-"));
  const postgres = await startOwnPostgres(folder);
  const postmaster = Number(readFileSync(join(folder, "postgres/postmaster.pid"), "utf8").split("\n")[0]);
  pin(postmaster, CORE.tested);
  let databases = 0;
  const running = new Set<Program>();

  async function start(path: string, ready: RegExp, envOf: (at: Place) => Record<string, string>): Promise<Tested> {
    const database = await createDatabase(postgres.url, `bench_${++databases}`);
    const port = await freePort();
    const origin = `http://127.0.0.1:${port}`;
    const webhook = path.endsWith("bare.ts") ? origin : `${origin}/channels/whatsapp-cloud/webhook`;
    const provider = await startProvider(webhook, SECRET);
    const env = envOf({ database, port: String(port), origin, provider: provider.url });
    const program = startProgram(file(path), env, ready);
    running.add(program);
    await program.ready;
    const client = new pg.Client({ connectionString: database });
    // When the stand is closed after a failure, that failure is what must be told.
    client.on("error", () => {});
    await client.connect();
    return {
      program,
      provider,
      origin,
      env,
      pid: program.child.pid!,
      query: async <Row extends object>(text: string) => (await client.query<Row>(text)).rows,
      async stop() {
        await client.end();
        await program.stop();
        running.delete(program);
        provider.close();
      },
    };
  }

  return {
    postmaster,
    startBare: () =>
      start("bare.ts", /ready/, ({ database, port, provider }) => ({
        DATABASE_URL: database,
        PORT: port,
        PROVIDER_URL: provider,
        APP_SECRET: SECRET,
      })),
    startDetour: (env = {}) => start("../src/main.ts", /Detour is ready/, (at) => ({ ...settingsFor(at), ...env })),
    async close() {
      await Promise.all([...running].map((program) => program.stop()));
      await postgres.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

interface Place {
  database: string;
  port: string;
  origin: string;
  provider: string;
}

/** No quiet window and no typing signs, for the bare program has neither; the rest is as in life. */
const settingsFor = ({ database, port, origin, provider }: Place): Record<string, string> => ({
  DATABASE_URL: database,
  PORT: port,
  HOST: "127.0.0.1",
  PUBLIC_URL: origin,
  LOG_LEVEL: "warn",
  BOT_DEMO_FAQ: "on",
  CHAT_QUIET_WINDOW_MS: "0",
  CHAT_SHOW_TYPING: "off",
  WHATSAPP_PHONE_NUMBER_ID: NUMBER,
  WHATSAPP_BUSINESS_ACCOUNT_ID: "1",
  WHATSAPP_ACCESS_TOKEN: "bench-token",
  WHATSAPP_APP_SECRET: SECRET,
  WHATSAPP_VERIFY_TOKEN: "bench-verify-token",
  WHATSAPP_BASE_URL: provider,
  WHATSAPP_MESSAGES_PER_SECOND: "10000",
  TWILIO_ACCOUNT_SID: TWILIO.accountSid,
  TWILIO_AUTH_TOKEN: TWILIO.authToken,
  TWILIO_NUMBER: TWILIO.number,
  TWILIO_BASE_URL: provider,
  OFFER_BURST_PER_MINUTE: "100000",
});

async function createDatabase(url: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  return url.replace(/\/[^/?]+\?/, `/${name}?`);
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
