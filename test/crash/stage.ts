import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { startOwnPostgres } from "#db";
import { systemClock } from "#kit";
import { createProduct } from "../../sim/control/product.ts";
import { createRandom } from "../../sim/kit/random.ts";
import { createTwilio, type Twilio } from "../../sim/twilio/index.ts";
import { createWhatsApp, type WhatsApp } from "../../sim/whatsapp/index.ts";
import { demo, demoSettings } from "../support/demo-env.ts";
import { freePort } from "../support/free-port.ts";
import { CREWS, openCrew } from "./crew.ts";
import { createProgram, type Program } from "./program.ts";

/** The real program in processes of its own, the stand-ins of its providers in this one. */
export interface Stage {
  program: Program;
  whatsapp: WhatsApp;
  twilio: Twilio;
  /** Reads the product's database, whether the program lives or not. */
  query<Row>(sql: string, values?: unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

const OPERATOR = { email: "olga@kubik.example", password: "an operator's long password" };
/** People speak and music plays this many times faster than life. */
const SPEED = 8;

/** One process with its own PostgreSQL, or several that share one. */
export type Processes = "one" | keyof typeof CREWS;

/** Opens on a program that is ready, with one operator on shift. */
export async function openStage(
  settings: Record<string, string> = {},
  { processes = "one", seed = 1 }: { processes?: Processes; seed?: number } = {},
): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), "detour-crash-"));
  const dataDir = join(folder, "data");
  const whatsapp = createWhatsApp({ clock: systemClock, ...demo, seed: 7 });
  const twilio = createTwilio({
    clock: systemClock,
    ...demo,
    number: { number: demo.hotline.ru, voiceUrl: "" },
    speed: SPEED,
    seed: 7,
  });
  await Promise.all([whatsapp.listen(), twilio.listen()]);
  const place: Place = { folder, dataDir, env: { ...HASTE, ...settings }, whatsapp, twilio };
  const { program, end } = processes === "one" ? await alone(place) : await shared(place, CREWS[processes], seed);
  const outside: Server[] = [];
  let reader: pg.Pool | null = null;

  async function close() {
    await reader?.end();
    await end();
    await Promise.all([whatsapp.close(), twilio.close()]);
    for (const server of outside) server.close();
    rmSync(folder, { recursive: true, force: true });
  }

  try {
    await program.start();
    connectProviders({ program, whatsapp, twilio });
    twilio.number.fallbackUrl = await keepOutside(`${program.url}/voice/twilio/fallback.xml`, outside);
    await hire(program.url);
    reader = new pg.Pool({ host: join(dataDir, "sockets"), user: "detour", database: "detour", max: 2 });
    reader.on("error", () => {});
  } catch (error) {
    await close();
    throw error;
  }
  const pool = reader;
  return {
    program,
    whatsapp,
    twilio,
    query: async <Row>(sql: string, values: unknown[] = []) => (await pool.query(sql, values)).rows as Row[],
    close,
  };
}

interface Place extends Pick<Stage, "whatsapp" | "twilio"> {
  folder: string;
  dataDir: string;
  env: Record<string, string>;
}

async function alone({ folder, dataDir, env, ...providers }: Place) {
  const port = await freePort();
  const all = { ...demoSettings({ port, ...providers }), ...env, DATA_DIR: dataDir, ...compiledIn(folder) };
  const program = createProgram({ port, env: all, logFile: join(folder, "program.log") });
  return {
    program,
    async end() {
      await program.kill();
      await endOrphan(dataDir);
    },
  };
}

async function shared(
  { folder, dataDir, env, ...providers }: Place,
  roles: (typeof CREWS)[keyof typeof CREWS],
  seed: number,
) {
  const postgres = await startOwnPostgres(dataDir);
  const crew = await openCrew({
    roles,
    folder,
    random: createRandom(seed),
    env: (url) => ({
      ...demoSettings({ port: 0, ...providers }),
      ...env,
      DATABASE_URL: postgres.url,
      PUBLIC_URL: url,
      ...compiledIn(folder),
    }),
  });
  return {
    program: crew.program,
    async end() {
      await crew.close();
      await postgres.stop();
    },
  };
}

const compiledIn = (folder: string) => ({ NODE_COMPILE_CACHE: join(folder, "compiled") });

/** Short silences, ample budgets; everything else is what a company runs with. */
const HASTE = {
  LOG_LEVEL: "warn",
  DATABASE_CONNECTIONS: "6",
  WHATSAPP_MESSAGES_PER_SECOND: "1000",
  CHAT_QUIET_WINDOW_MS: "50",
  UNCLEAR_SETTLE_MS: "4000",
  OFFER_BURST_PER_MINUTE: "100000",
  PATIENCE_SECONDS: "5",
};

/**
 * Every webhook twice and out of order, receipts within half a second; answers so slow that a kill often falls before
 * them. Meta repeats with ever longer pauses, for days; this one comes back every second, well within the settle wait.
 */
function connectProviders({ program, whatsapp, twilio }: Pick<Stage, "program" | "whatsapp" | "twilio">): void {
  whatsapp.webhookUrl = `${program.url}/channels/whatsapp-cloud/webhook`;
  Object.assign(whatsapp.latencies, { sent: 100, delivered: 250, repeat: 1000 });
  Object.assign(whatsapp.faults.callbacks, { extraCopies: 1, shuffleMs: 100 });
  whatsapp.faults.api.delayMs = 150;
  twilio.number.voiceUrl = `${program.url}/voice/twilio/incoming`;
  twilio.number.statusCallback = `${program.url}/voice/twilio/status`;
  Object.assign(twilio.faults.webhook, { extraCopies: 1, shuffleMs: 100 });
  twilio.faults.rest.delayMs = 150;
}

/** One operator on shift, so that there is a queue to wait in; takes no chats and no calls. */
async function hire(url: string): Promise<void> {
  const product = createProduct(url, demo.admin);
  const hired = await product.act(demo.admin, "POST", "/api/operators", {
    ...OPERATOR,
    name: "Olga",
    role: "operator",
    locale: "ru",
    capacity: 0,
  });
  const online = await product.act(OPERATOR, "PUT", "/api/presence", { status: "online" });
  if (hired !== 201 || online !== 200) throw new Error(`The operator could not start the shift (${hired}, ${online}).`);
}

/** The number's fallback document, installed at somebody else's as the documentation asks. */
async function keepOutside(address: string, servers: Server[]): Promise<string> {
  const document = await (await fetch(address)).text();
  const server = createServer((_request, response) => response.setHeader("content-type", "text/xml").end(document));
  servers.push(server);
  return `http://127.0.0.1:${await portOf(server)}/fallback.xml`;
}

const portOf = (server: Server) =>
  new Promise<number>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port)),
  );

/** PostgreSQL outlives a killed program on purpose; nobody adopts this one any more. */
async function endOrphan(dataDir: string): Promise<void> {
  const file = join(dataDir, "postgres", "postmaster.pid");
  if (!existsSync(file)) return;
  const [pid] = readFileSync(file, "utf8").split("\n");
  process.kill(Number(pid), "SIGINT");
  while (existsSync(file)) await pause(LOOK_EVERY_MS);
}

const LOOK_EVERY_MS = 50;
