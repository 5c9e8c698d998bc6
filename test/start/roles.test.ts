import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setTimeout as pause } from "node:timers/promises";
import { systemClock } from "#kit";
import { createWhatsApp, type WhatsApp } from "../../sim/whatsapp/index.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { demo, demoProviders } from "../support/demo-env.ts";
import { parseScrape, valueOf } from "../watch/prometheus.ts";
import { newFolder, refusedStart, startProgram, type Program } from "./program.ts";
import { callForm, send, sendAsMeta, sendAsTwilio, textMessage } from "./senders.ts";

const LOOK_EVERY_MS = 50;
/** A loop looks for work at the latest after a second. */
const LONGER_THAN_A_POLL_MS = 1500;

describe("a web process and a worker on one database", () => {
  let db: FreshDatabase;
  let whatsapp: WhatsApp;
  let web: Program;
  let worker: Program | null = null;

  const start = (role: string) =>
    startProgram({
      ...demoProviders,
      DETOUR_ROLE: role,
      DATABASE_URL: db.url,
      WHATSAPP_BASE_URL: whatsapp.url,
      CHAT_QUIET_WINDOW_MS: "50",
      BOT_DEMO_FAQ: "on",
      DRAIN_SECONDS: "0",
      LOG_LEVEL: "error",
    });

  beforeAll(async () => {
    db = await freshDatabase();
    whatsapp = createWhatsApp({ clock: systemClock, ...demo, seed: 7 });
    await whatsapp.listen();
    web = await start("web");
    whatsapp.webhookUrl = `${web.url}/channels/whatsapp-cloud/webhook`;
  });
  afterAll(async () => {
    expect(await web.stop()).toBe(0);
    await worker?.stop();
    await whatsapp.close();
    await db.drop();
  });

  const waiting = async () => {
    const { body } = await send(`${web.url}/metrics`);
    return valueOf(parseScrape(body), "detour_backlog_rows", { kind: "inbox", channel: "whatsapp-cloud" });
  };

  it("share the work: the one takes and answers, the other works and sends, and answers nothing but its health", async () => {
    const customer = whatsapp.customer("79160000001");
    customer.write("сколько стоит доставка?");
    await whatsapp.idle();
    const call = await sendAsTwilio(web.url, "/voice/twilio/incoming", { ...callForm(1), CallStatus: "ringing" });
    expect([call.status, call.body]).toEqual([200, expect.stringContaining("<Enqueue")]);
    await pause(LONGER_THAN_A_POLL_MS);
    expect([await waiting(), customer.inbox.length]).toEqual([1, 0]);

    worker = await start("worker");
    const isDone = async () => customer.inbox.length > 0 && (await waiting()) === 0;
    for (let tries = 0; !(await isDone()) && tries < 200; tries++) await pause(LOOK_EVERY_MS);

    expect([await isDone(), customer.inbox.length]).toEqual([true, 1]);
    expect((await send(`${worker.url}/readyz`)).status).toBe(200);
    expect((await send(`${worker.url}/metrics`)).body).toContain('detour_sends_total{channel="whatsapp-cloud"');
    for (const path of [
      "/inbox",
      "/docs",
      "/api/session",
      "/channels/whatsapp-cloud/webhook",
      "/voice/twilio/fallback.xml",
    ])
      expect([path, (await send(`${worker.url}${path}`)).status]).toEqual([path, 404]);
    const again = JSON.stringify(textMessage("wamid.1", "79160000001", "привет"));
    expect((await sendAsMeta(worker.url, again)).status).toBe(404);
  });

  it.each(["web", "worker"])(
    "cannot be had with Detour's own PostgreSQL (%s), which says so in a sentence",
    async (role) => {
      const { code, words } = await refusedStart({ DETOUR_ROLE: role, DATA_DIR: newFolder() });

      expect([code, words]).toEqual([
        1,
        "Detour did not start. DETOUR_ROLE is web or worker, but Detour's own PostgreSQL serves one process only. Set DATABASE_URL to a PostgreSQL that all processes share, or set DETOUR_ROLE to both.\n",
      ]);
    },
  );
});
