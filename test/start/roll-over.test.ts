import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "#kit";
import { createWhatsApp, type WhatsApp } from "../../sim/whatsapp/index.ts";
import { startBalancer, type Balancer } from "../support/balancer.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { demo, demoProviders } from "../support/demo-env.ts";
import { freePort } from "../support/free-port.ts";
import { startProgram, type Program } from "./program.ts";
import { callForm, send, sendAsMeta, sendAsTwilio, textMessage, waitForm } from "./senders.ts";

const MESSENGERS = 6;
const CALLERS = 4;
const ROUNDS = 2;

describe("two processes behind a balancer, restarted one after the other under load", () => {
  let db: FreshDatabase;
  let whatsapp: WhatsApp;
  let balancer: Balancer;
  const ports: number[] = [];
  const programs: Program[] = [];

  const start = (port: number) =>
    startProgram({
      ...demoProviders,
      DATABASE_URL: db.url,
      PORT: String(port),
      PUBLIC_URL: balancer.url,
      WHATSAPP_BASE_URL: whatsapp.url,
      CHAT_QUIET_WINDOW_MS: "50",
      ADMIN_EMAIL: demo.admin.email,
      ADMIN_PASSWORD: demo.admin.password,
      DRAIN_SECONDS: "1",
      LOG_LEVEL: "error",
    });

  beforeAll(async () => {
    db = await freshDatabase();
    whatsapp = createWhatsApp({ clock: systemClock, ...demo, seed: 7 });
    await whatsapp.listen();
    ports.push(await freePort(), await freePort());
    balancer = await startBalancer(ports);
    whatsapp.webhookUrl = `${balancer.url}/channels/whatsapp-cloud/webhook`;
    for (const port of ports) programs.push(await start(port));
    await balancer.ready(2);
  });
  afterAll(async () => {
    await Promise.all(programs.map((program) => program.stop()));
    await balancer.close();
    await whatsapp.close();
    await db.drop();
  });

  /** Messengers, callers and a page that send the next request when the one before is answered, until told to stop. */
  function load() {
    const taken: string[] = [];
    const bad: string[] = [];
    let over = false;
    let count = 0;
    const noted = async (what: string, asked: Promise<{ status: number }>) => {
      const { status } = await asked.catch((error: unknown) => ({ status: String(error) }));
      if (status !== 200) bad.push(`${what}: ${status}`);
      return status === 200;
    };
    const messenger = async (from: string) => {
      while (!over) {
        const id = `wamid.rolling.${count++}`;
        const body = JSON.stringify(textMessage(id, from, `вопрос ${id}`));
        if (await noted("messenger", sendAsMeta(balancer.url, body))) taken.push(id);
      }
    };
    const caller = async (seed: number) => {
      await noted(
        "caller",
        sendAsTwilio(balancer.url, "/voice/twilio/incoming", { ...callForm(seed), CallStatus: "ringing" }),
      );
      while (!over) {
        const position = String(1 + (count++ % 40));
        const form = { ...waitForm(seed), QueuePosition: position, QueueTime: String(count) };
        await noted("caller", sendAsTwilio(balancer.url, "/voice/twilio/wait", form));
      }
    };
    const page = async () => {
      while (!over) await noted("page", send(`${balancer.url}/sign-in`));
    };
    const all = [
      ...Array.from({ length: MESSENGERS }, (_, i) => messenger(`7916000010${i}`)),
      ...Array.from({ length: CALLERS }, (_, i) => caller(100 + i)),
      page(),
    ];
    return {
      taken,
      bad,
      async stop() {
        over = true;
        await Promise.all(all);
      },
    };
  }

  it("lose no request, keep what they took, and send their pages to each other", async () => {
    const watcher = await watch(balancer.url);
    const { taken, bad, stop } = load();
    const exits: (number | null)[] = [];
    for (let round = 0; round < ROUNDS; round++)
      for (const [i, port] of ports.entries()) {
        exits.push(await programs[i]!.stop());
        programs[i] = await start(port);
        await balancer.ready(2);
      }
    await stop();

    expect({ bad, lost: balancer.answers["lost"] ?? 0 }, balancer.troubles.join("\n")).toEqual({ bad: [], lost: 0 });
    expect(exits).toEqual([0, 0, 0, 0]);
    const [stored] = await db.query<{ n: number }>(STORED, [taken]);
    expect(stored!.n).toBe(taken.length);
    expect(taken.length).toBeGreaterThan(200);
    expect(Object.keys(balancer.answers).filter((status) => !["200", "201"].includes(status))).toEqual([]);

    expect(watcher.closedWith.length).toBeGreaterThan(0);
    expect(new Set(watcher.closedWith)).toEqual(new Set([1012]));
    await watcher.hasAll(async () => (await db.query<{ seq: number }>(SEEN)).map(({ seq }) => seq));
  });
});

const STORED =
  "select count(distinct dedupe) as n from inbox where dedupe = any ($1) or event ->> 'providerId' = any ($1)";
const SEEN = "select seq from event where kind = 'call.waiting' order by seq";

/** A page of an operator that connects again whenever it is told to, from where it was. */
async function watch(url: string) {
  const answer = await fetch(`${url}/api/session`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-detour": "1" },
    body: JSON.stringify(demo.admin),
  });
  const cookie = answer.headers.get("set-cookie")!.split(";")[0]!;
  const closedWith: number[] = [];
  const seen = new Set<number>();
  let last: number | null = null;
  let over = false;

  const open = () => {
    const since = last === null ? "" : `?since=${last}`;
    const socket = new WebSocket(`${url.replace("http", "ws")}/api/live${since}`, { headers: { origin: url, cookie } });
    socket.addEventListener("message", ({ data }) => {
      const { seq, kind } = JSON.parse(String(data)) as { seq: number; kind: string };
      if (kind !== "resync") seen.add(seq);
      last = Math.max(last ?? 0, seq);
    });
    socket.addEventListener("close", ({ code }) => {
      if (over) return;
      closedWith.push(code);
      open();
    });
    return socket;
  };
  const first = open();
  await new Promise((resolve) => first.addEventListener("message", resolve, { once: true }));

  return {
    closedWith,
    /** Waits until every one of these numbers has come; those before the page was opened are not owed. */
    async hasAll(wanted: () => Promise<number[]>) {
      const from = Math.min(...seen);
      const isMissing = async () => (await wanted()).filter((seq) => seq >= from && !seen.has(seq));
      for (let missing = await isMissing(), tries = 0; missing.length > 0; missing = await isMissing(), tries++)
        if (tries > 2000) throw new Error(`Never told of ${missing.length} events.`);
      over = true;
    },
  };
}
