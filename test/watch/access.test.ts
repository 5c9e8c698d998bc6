import { readSettings } from "#config";
import { DatabaseGone, type Database } from "#db";
import { runPumps } from "#jobs";
import { createSettableClock, instant, newId, type ConversationId, type MessageId } from "#kit";
import { createMetrics, watchSettings } from "#watch";
import type { FastifyInstance } from "fastify";
import { afterEach, describe, expect, it } from "vitest";
import { testServer } from "../http/server.ts";
import { parseScrape, valueOf } from "./prometheus.ts";

const TOKEN = "a-token-for-prometheus";
const clock = createSettableClock(instant(0));

/** A database that is away. */
const gone = {
  tenant: "main",
  query: () => Promise.reject(new DatabaseGone("connect ECONNREFUSED /secret/socket")),
  use: () => ({ open: 3, idle: 1, waiting: 2, most: 10 }),
} as unknown as Database;

describe("who may read the figures", () => {
  let app: FastifyInstance;
  afterEach(() => app.close());

  async function watched(env: Record<string, string>, publicUrl: string) {
    app = await testServer();
    const { watch } = readSettings(env, { watch: watchSettings });
    const metrics = createMetrics(watch, publicUrl);
    metrics.watchRequests(app);
    await app.register(
      metrics.routes({ pools: { front: gone, back: gone }, clock, router: { outlook: gone.query as never } }),
    );
    return metrics;
  }

  const read = async (headers: Record<string, string> = {}, remoteAddress = "127.0.0.1") => {
    const answer = await app.inject({ url: "/metrics", headers, remoteAddress });
    return answer.statusCode === 200 ? 200 : answer.json().code;
  };

  it("is whoever has the token, from anywhere, and nobody else", async () => {
    await watched({ METRICS_TOKEN: TOKEN }, "https://hotline.example.com");

    expect(await read({ authorization: `Bearer ${TOKEN}` }, "203.0.113.7")).toBe(200);
    expect(await read({ authorization: `Bearer ${TOKEN}x` })).toBe("metrics_token_wrong");
    expect(await read({ authorization: TOKEN })).toBe("metrics_token_wrong");
    expect(await read()).toBe("metrics_token_wrong");
  });

  it("is without a token a program on this machine", async () => {
    await watched({}, "http://localhost:3000");

    expect(await read()).toBe(200);
    expect(await read({}, "::1")).toBe(200);
    expect(await read({}, "::ffff:127.0.0.1")).toBe(200);
    expect(await read({}, "10.0.0.7")).toBe("metrics_token_needed");
  });

  it.each(["x-forwarded-for", "forwarded", "x-real-ip", "via"])(
    "is not whom a proxy on this machine speaks for (%s)",
    async (header) => {
      await watched({}, "http://localhost:3000");

      expect(await read({ [header]: "127.0.0.1" })).toBe("metrics_token_needed");
    },
  );

  it("is nobody behind https without a token, since a proxy may be silent about whom it speaks for", async () => {
    await watched({}, "https://hotline.example.com");

    expect(await read()).toBe("metrics_token_needed");
  });

  it("still gets the figures of the process when the database is away", async () => {
    await watched({}, "http://localhost:3000");

    const { body } = await app.inject("/metrics");
    const samples = parseScrape(body);

    expect(valueOf(samples, "detour_database_up")).toBe(0);
    expect(valueOf(samples, "detour_pg_connections", { pool: "front", state: "busy" })).toBe(2);
    expect(valueOf(samples, "detour_pg_connections", { pool: "front", state: "waiting" })).toBe(2);
    expect(body).not.toContain("secret");
  });

  it("reads how often each loop failed and what became of sends, account numbers masked", async () => {
    const metrics = await watched({}, "http://localhost:3000");
    const pumps = runPumps(
      [{ name: "outbox", wokenBy: [], work: () => Promise.reject(new Error("no")), nextDueAt: async () => null }],
      { clock, wakes: { wake() {}, on() {}, close: async () => {} }, log: { error() {} }, failed: metrics.pumpFailed },
    );
    const about = {
      callId: null,
      channel: "fake",
      attempt: 1,
      messageId: newId<MessageId>(),
      conversationId: newId<ConversationId>(),
    };
    const times = { began: instant(0), ended: instant(700) };
    metrics.chat.sent({ ...about, ...times, account: "+79160000001", outcome: { kind: "unclear", words: "cut" } });
    const refused = {
      kind: "refused",
      because: "not-here",
      code: "131026",
      words: "+79161112233 is not here",
    } as const;
    metrics.chat.sent({ ...about, ...times, account: "acc-1", outcome: refused });
    await pumps.stop();

    const { body } = await app.inject("/metrics");
    const samples = parseScrape(body);

    expect(valueOf(samples, "detour_pump_errors_total", { pump: "outbox" })).toBe(1);
    expect(valueOf(samples, "detour_sends_total", { account: "+7916•••0001", outcome: "unclear" })).toBe(1);
    expect(valueOf(samples, "detour_sends_total", { account: "acc-1", because: "not-here" })).toBe(1);
    expect(valueOf(samples, "detour_send_duration_seconds_bucket", { le: "0.5" })).toBe(0);
    expect(valueOf(samples, "detour_send_duration_seconds_bucket", { le: "1" })).toBe(2);
    expect(body).not.toContain("1112233");
  });
});

describe("the token", () => {
  it("refuses a token that can be guessed", () => {
    expect(() => readSettings({ METRICS_TOKEN: "short" }, { watch: watchSettings })).toThrow(
      "METRICS_TOKEN must have at least 16 characters",
    );
  });
});
