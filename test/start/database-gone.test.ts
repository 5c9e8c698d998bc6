import { rmSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "#kit";
import { createWhatsApp, type WhatsApp } from "../../sim/whatsapp/index.ts";
import { demo, demoProviders } from "../support/demo-env.ts";
import { createSaboteur, type Saboteur } from "./postgres.ts";
import { newFolder, startProgram, type Program } from "./program.ts";
import { callForm, send, sendAsMeta, sendAsTwilio, textMessage, waitForm, type Answer } from "./senders.ts";

/** What providers wait at most, and what the program may need to recover. */
const MESSENGER_WITHIN_MS = 2000;
const CALLER_WITHIN_MS = 3000;
const CALLER_WITHIN_MS_WHEN_REFUSED = 1000;
const BACK_WITHIN_MS = 10_000;

const CONNECTIONS = 4;
/** Two pools, LISTEN, the folder's lock. */
const MOST_SESSIONS = 2 * CONNECTIONS + 2;

describe("the real program while its database is away", () => {
  const folder = newFolder();
  let whatsapp: WhatsApp;
  let program: Program;
  let postgres: Saboteur;

  beforeAll(async () => {
    whatsapp = createWhatsApp({ clock: systemClock, ...demo, seed: 7 });
    await whatsapp.listen();
    program = await startProgram({
      ...demoProviders,
      DATA_DIR: folder,
      DATABASE_CONNECTIONS: String(CONNECTIONS),
      WHATSAPP_BASE_URL: whatsapp.url,
      WHATSAPP_MEDIA_ORIGINS: whatsapp.url,
      CHAT_QUIET_WINDOW_MS: "50",
      LOG_LEVEL: "fatal",
    });
    whatsapp.webhookUrl = `${program.url}/channels/whatsapp-cloud/webhook`;
    postgres = createSaboteur(folder);
  });
  afterEach(() => postgres.thaw());
  afterAll(async () => {
    expect(await program.stop()).toBe(0);
    await whatsapp.close();
    rmSync(folder, { recursive: true, force: true });
  });

  let count = 0;
  const write = (id: string) => sendAsMeta(program.url, JSON.stringify(textMessage(id, "79160000001", "привет")));

  /** Everything a caller's telephone may ask, and what the answer must hold so that the place is kept. */
  async function callers(): Promise<(Answer & { path: string; keeps: RegExp })[]> {
    const seed = ++count;
    const asked: [path: string, form: Record<string, string>, keeps: RegExp][] = [
      ["/voice/twilio/incoming", { ...callForm(seed), CallStatus: "ringing" }, /<Enqueue/],
      ["/voice/twilio/wait", waitForm(seed), /<Play.*<Redirect[^>]*>[^<]*\/wait/],
      ["/voice/twilio/answer?turn=t1", { ...callForm(seed), Digits: "1" }, /<Redirect[^>]*>[^<]*\/wait/],
      ["/voice/twilio/pulled-out", callForm(seed), /<Enqueue/],
      ["/voice/twilio/left", { ...callForm(seed), QueueResult: "error" }, /<Enqueue/],
    ];
    return await Promise.all(
      asked.map(async ([path, form, keeps]) => ({ path, keeps, ...(await sendAsTwilio(program.url, path, form)) })),
    );
  }

  const ready = () => send(`${program.url}/readyz`);

  /** What providers and watchers are told while the database is away. */
  async function expectPatience(callerWithinMs: number) {
    const ids = Array.from({ length: 20 }, () => `wamid.${++count}`);
    const [messenger, telephone, readiness] = await Promise.all([Promise.all(ids.map(write)), callers(), ready()]);

    expect(messenger.map(({ status }) => status)).toEqual(ids.map(() => 503));
    expect(Math.max(...messenger.map(({ ms }) => ms))).toBeLessThan(MESSENGER_WITHIN_MS);
    for (const { path, status, body, keeps, ms } of telephone) {
      expect([path, status, ms < callerWithinMs], `${path} took ${ms} ms`).toEqual([path, 200, true]);
      expect(body).toMatch(keeps);
      expect(body).not.toMatch(/<(Hangup|Leave)/);
    }
    expect([readiness.status, JSON.parse(readiness.body)]).toEqual([
      503,
      { ready: false, reasons: ["The database does not answer."] },
    ]);
    return ids;
  }

  async function until(what: string, happened: () => Promise<boolean>, deadline: number) {
    while (!(await happened().catch(() => false))) {
      if (performance.now() > deadline) throw new Error(`Waited in vain until ${what}.`);
      await pause(50);
    }
  }

  /** Everything works again: webhooks are stored once, loops answer, hints are heard, calls are thought about. */
  async function expectRecovery(refused: string[]) {
    const deadline = performance.now() + BACK_WITHIN_MS;
    await until("the program is ready", async () => (await ready()).status === 200, deadline);
    const customer = whatsapp.customer(`7916${String(++count).padStart(7, "0")}`);
    customer.write("сколько стоит доставка?");
    await until("the bot has answered", async () => customer.inbox.length > 0, deadline);
    await until("somebody listens for hints", async () => (await sessions("listen")) === 1, deadline);

    for (const answer of await Promise.all([...refused, ...refused].map(write))) expect(answer.status).toBe(200);
    const stored = async () =>
      (await postgres.ask(`select id from message where provider_id = any('{${refused.join()}}')`)).length;
    await until("every message is there once", async () => (await stored()) === refused.length, deadline);
    expect((await callers())[0]!.body).toContain("<Enqueue");
    expect(await sessions("")).toBeLessThanOrEqual(MOST_SESSIONS);
  }

  const sessions = async (beginning: string) => {
    const rows = await postgres.ask(
      `select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() and query ilike '${beginning}%'`,
    );
    return rows.length;
  };

  it("tells providers to come back, keeps callers, and recovers when the server hangs", async () => {
    await callers();
    postgres.freeze();
    const refused = await expectPatience(CALLER_WITHIN_MS);
    postgres.thaw();

    await expectRecovery(refused);
  });

  it("tells providers to come back, keeps callers, and starts a killed server again", async () => {
    await callers();
    await postgres.kill();
    const refused = await expectPatience(CALLER_WITHIN_MS_WHEN_REFUSED);
    postgres.giveBack();

    await expectRecovery(refused);
  });

  it("takes outages in a row without losing connections on the way", async () => {
    for (let outage = 0; outage < 3; outage++) {
      postgres.freeze();
      await Promise.all([write(`wamid.${++count}`), callers(), ready()]);
      postgres.thaw();
    }

    await expectRecovery([]);
    expect(program.words()).not.toMatch(/unhandled|    at /i);
  });
});
