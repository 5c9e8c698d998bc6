import { admit, createLive, type Live } from "#http";
import { recordEvents, type Tx } from "#db";
import { createSettableClock, instant, later, seconds } from "#kit";
import type { FastifyInstance } from "fastify";
import { connect, type AddressInfo } from "node:net";
import { setImmediate } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { testServer } from "./server.ts";

type Told = { seq: number; kind: string; data?: unknown };

/** A page with the live channel open. */
async function openPage(live: Live, port: number, options: { since?: number; origin?: string; cookie?: string } = {}) {
  const { since, origin = `http://127.0.0.1:${port}`, cookie = "detour=anna" } = options;
  const told: Told[] = [];
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/live${since === undefined ? "" : `?since=${since}`}`, {
    headers: { origin, cookie },
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.addEventListener("close", ({ code, reason }) => resolve({ code, reason })),
  );
  socket.addEventListener("message", ({ data }) => void told.push(JSON.parse(String(data))));
  await new Promise<void>((resolve) => {
    socket.addEventListener("open", () => resolve());
    socket.addEventListener("error", () => resolve());
  });
  return {
    socket,
    told,
    /** Lets the pump run until the page was told `count` things in all. */
    async hears(count: number) {
      while (told.length < count) {
        await live.pump.work();
        await setImmediate();
      }
      return told;
    },
    /** Lets the pump run until the page is closed. */
    async isClosed() {
      while (socket.readyState !== WebSocket.CLOSED) {
        await live.pump.work();
        await setImmediate();
      }
      return closed;
    },
  };
}

describe("the live channel", () => {
  let db: FreshDatabase;
  let app: FastifyInstance;
  let live: Live;
  let port: number;
  let signedIn: boolean;
  const clock = createSettableClock(instant(1_000_000));

  beforeAll(async () => void (db = await freshDatabase()));
  afterAll(() => db.drop());

  beforeEach(async () => {
    signedIn = true;
    const authenticate = async ({ headers }: { headers: { cookie?: string | undefined } }) =>
      signedIn && headers.cookie === "detour=anna" ? {} : null;
    app = await testServer();
    live = createLive({ front: db, clock, publicUrl: "https://hotline.example.com", authenticate });
    app.register(live.routes, { prefix: "/api" });
    app.get("/api/plain", { onRequest: async (request) => admit(request) }, async () => "still here");
    await app.listen({ port: 0, host: "127.0.0.1" });
    port = (app.server.address() as AddressInfo).port;
  });
  afterEach(() => app.close());

  const happen = (...kinds: string[]) =>
    recordEvents(
      db,
      kinds.map((kind) => ({ at: instant(1000), kind, data: { words: kind } })),
    );
  const lastSeq = async () =>
    (await db.query<{ seq: number }>("select coalesce(max(seq), 0) as seq from event"))[0]!.seq;
  const feed = async () => {
    while ((await live.pump.work()) > 0);
  };

  it("tells a page what happens from now on, in growing order", async () => {
    await happen("past.over");
    const page = await openPage(live, port);
    const [first] = await page.hears(1);

    await happen("chat.assigned", "chat.closed");
    await feed();
    const told = await page.hears(3);

    expect(first).toEqual({ kind: "resync", seq: (await lastSeq()) - 2 });
    expect(told.slice(1)).toEqual([
      {
        seq: first!.seq + 1,
        at: 1000,
        kind: "chat.assigned",
        callId: null,
        conversationId: null,
        operatorId: null,
        data: { words: "chat.assigned" },
      },
      expect.objectContaining({ seq: first!.seq + 2, kind: "chat.closed" }),
    ]);
  });

  it("fills the gap after a reconnect, without a loss or a repetition", async () => {
    const since = await lastSeq();
    await happen("a.one", "a.two");
    const page = await openPage(live, port, { since });
    await happen("a.three");
    await feed();

    const told = await page.hears(3);

    expect(told.map(({ kind }) => kind)).toEqual(["a.one", "a.two", "a.three"]);
    expect(told.map(({ seq }) => seq)).toEqual([since + 1, since + 2, since + 3]);
  });

  it("asks for a fresh load when more than 1000 entries were missed, and when the number is from elsewhere", async () => {
    const since = await lastSeq();
    await happen(...Array.from({ length: 1001 }, () => "a.flood"));

    const far = await openPage(live, port, { since });
    const alien = await openPage(live, port, { since: 10_000_000 });
    const near = await openPage(live, port, { since: since + 1 });

    expect(await far.hears(1)).toEqual([{ kind: "resync", seq: since + 1001 }]);
    expect(await alien.hears(1)).toEqual([{ kind: "resync", seq: since + 1001 }]);
    expect(await near.hears(1000)).toHaveLength(1000);
  });

  it("skips no entry of a transaction that commits late", async () => {
    const page = await openPage(live, port, { since: await lastSeq() });
    const before = await lastSeq();
    const late = await beginLate(db, "late.first");
    await happen("early.second");
    await feed();
    const meanwhile = [...page.told];
    const waits = await live.pump.nextDueAt();
    await late.commit();
    await feed();

    const told = await page.hears(2);

    expect(meanwhile).toEqual([]);
    expect(waits).toBeLessThanOrEqual(later(clock.now(), seconds(1)));
    expect(told.map(({ seq, kind }) => [seq, kind])).toEqual([
      [before + 1, "late.first"],
      [before + 2, "early.second"],
    ]);
  });

  it("skips nothing either when the late one took its transaction id after the early one", async () => {
    const page = await openPage(live, port, { since: await lastSeq() });
    const before = await lastSeq();
    const early = await beginLate(db, null);
    const late = await beginLate(db, "late.lower-number");
    await early.write("early.higher-number");
    await early.commit();
    await feed();
    const meanwhile = [...page.told];
    await late.commit();
    await feed();

    expect(meanwhile).toEqual([]);
    expect((await page.hears(2)).map(({ seq, kind }) => [seq, kind])).toEqual([
      [before + 1, "late.lower-number"],
      [before + 2, "early.higher-number"],
    ]);
  });

  it.each([
    ["nobody is signed in", { cookie: "detour=stranger" }],
    ["a page of another site asks", { origin: "https://evil.example" }],
    ["a page of no site asks", { origin: "null" }],
    ["a look-alike of our address asks", { origin: "https://hotline.example.com.evil.example" }],
  ])("opens for no one when %s", async (_case, options) => {
    const page = await openPage(live, port, options);

    expect((await page.isClosed()).code).toBe(1006);
    expect(page.told).toEqual([]);
  });

  it("opens for pages of the public address", async () => {
    const page = await openPage(live, port, { origin: "https://hotline.example.com" });

    expect(await page.hears(1)).toMatchObject([{ kind: "resync" }]);
  });

  it.each([
    ["no JSON", "hello"],
    ["an unknown kind", '{"kind":"subscribe"}'],
    ["poison", '{"__proto__":{"kind":"ping"}}'],
    ["a list", "[]"],
    ["binary", new Uint8Array([0, 255, 1])],
  ])("closes a page that sends %s, and goes on for all others", async (_what, message) => {
    const other = await openPage(live, port);
    const page = await openPage(live, port);
    await page.hears(1);

    page.socket.send(message);

    expect((await page.isClosed()).code).toBe(1003);
    other.socket.send('{"kind":"ping"}');
    expect((await other.hears(2))[1]).toEqual({ kind: "pong" });
  });

  it("closes a page that sends more than 64 KiB at once", async () => {
    const page = await openPage(live, port);
    await page.hears(1);

    page.socket.send(JSON.stringify({ kind: "ping", more: "x".repeat(70_000) }));

    expect((await page.isClosed()).code).not.toBe(1000);
    expect((await fetch(`http://127.0.0.1:${port}/api/plain`)).status).toBe(200);
  });

  it("survives bytes that are no frames at all", async () => {
    const raw = connect(port, "127.0.0.1");
    raw.on("error", () => {});
    raw.write(
      `GET /api/live HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: http://127.0.0.1:${port}\r\nCookie: detour=anna\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
    );
    await new Promise((resolve) => raw.once("data", resolve));
    raw.write(Buffer.from([0xff, 0xff, 0x13, 0x37, 0x00]));
    await new Promise((resolve) => raw.once("close", resolve));

    expect((await fetch(`http://127.0.0.1:${port}/api/plain`)).status).toBe(200);
  });

  it("sends a page to sign in again when its session has ended", async () => {
    const page = await openPage(live, port);
    await page.hears(1);
    await feed();
    signedIn = false;
    clock.moveTo(later(clock.now(), seconds(31)));

    expect(await page.isClosed()).toEqual({ code: 4001, reason: "signed out" });
  });

  it("closes a page that does not keep up, so that it comes back for a resync", async () => {
    const raw = connect(port, "127.0.0.1");
    raw.on("error", () => {});
    raw.write(
      `GET /api/live HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: http://127.0.0.1:${port}\r\nCookie: detour=anna\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
    );
    await new Promise((resolve) => raw.once("data", resolve));
    raw.pause();
    const words = "x".repeat(200_000);
    for (let round = 0; round < 60 && app.websocketServer.clients.size > 0; round++) {
      await recordEvents(db, [{ at: instant(0), kind: "a.long-story", data: { words } }]);
      await feed();
      if (
        [...app.websocketServer.clients].some(
          (client: { readyState: number }) => client.readyState === WebSocket.CLOSING,
        )
      )
        break;
    }

    expect([...app.websocketServer.clients].map((client: { readyState: number }) => client.readyState)).toEqual([
      WebSocket.CLOSING,
    ]);
    raw.destroy();
  });

  it("plans nothing while nobody looks", async () => {
    expect(await live.pump.work()).toBe(0);
    expect(await live.pump.nextDueAt()).toBeNull();
  });
});

/** A transaction that stays open: it has its id, and its number too when it writes at once. */
async function beginLate(db: FreshDatabase, kind: string | null) {
  let commit = () => {};
  let tx!: Tx;
  const begun = Promise.withResolvers<void>();
  const write = (what: string) => recordEvents(tx, [{ at: instant(0), kind: what }]);
  const done = db.tx(async (opened) => {
    tx = opened;
    await tx.query("select pg_current_xact_id()");
    if (kind !== null) await write(kind);
    begun.resolve();
    await new Promise<void>((resolve) => (commit = resolve));
  });
  await begun.promise;
  return {
    write,
    async commit() {
      commit();
      await done;
    },
  };
}
