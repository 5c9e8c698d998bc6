import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callerHearingOffer, MOBILE, operator } from "../support/people.ts";
import { createWorld, type World } from "../support/world.ts";
import { parseScrape, valueOf, type Sample } from "./prometheus.ts";

const OTHER = "+79165550102";

describe("the figures for Prometheus", () => {
  let world: World;
  beforeAll(async () => void (world = await createWorld()));
  afterAll(() => world.close());

  async function scrape(): Promise<{ text: string; samples: Sample[] }> {
    const answer = await fetch(`${world.detour.url}/metrics`);
    const text = await answer.text();
    expect([answer.status, answer.headers.get("content-type")]).toEqual([
      200,
      "text/plain; version=0.0.4; charset=utf-8",
    ]);
    return { text, samples: parseScrape(text) };
  }

  /** The log is read up to where no running transaction, of other tests too, can still add to it. */
  async function scrapeUntil(isThere: (samples: Sample[]) => boolean): Promise<Sample[]> {
    for (let tries = 0; tries < 200; tries++) {
      const { samples } = await scrape();
      if (isThere(samples)) return samples;
    }
    throw new Error("200 scrapes in vain.");
  }

  it("tell the queue, the wait, the funnel and the sends of a caller who moves and one who waits, each stage once a call", async () => {
    const queue = "hotline-ru";
    const before = await scrape();
    const alone = valueOf(before.samples, "detour_expected_wait_seconds", { queue });
    await operator(world);
    const phone = await callerHearingOffer(world);
    const waiting = world.twilio.phones.call({ from: OTHER });
    await world.advance(3000);
    const { samples: during } = await scrape();
    phone.press("1");
    await world.until("the call ends", () => phone.state === "ended");
    waiting.hangUp();
    await world.settle();
    const committed = (samples: Sample[]) =>
      valueOf(samples, "detour_funnel_calls_total", { queue, stage: "committed" });
    const after = await scrapeUntil((samples) => committed(samples) === 1);

    expect(alone).toBe(Number.POSITIVE_INFINITY);
    expect(valueOf(during, "detour_calls_waiting", { queue })).toBe(2);
    expect(valueOf(during, "detour_expected_wait_seconds", { queue })).toBeGreaterThan(0);
    expect(valueOf(after, "detour_calls_waiting", { queue })).toBe(0);
    const reached = (stage: string) => valueOf(after, "detour_funnel_calls_total", { queue, stage });
    expect(["offered", "accepted", "sent", "delivered", "held_out", "owed"].map(reached)).toEqual([2, 1, 1, 1, 0, 0]);
    expect(
      valueOf(after, "detour_sends_total", {
        channel: "whatsapp-cloud",
        account: "106540352242922",
        outcome: "accepted",
      }),
    ).toBe(1);
    expect(valueOf(after, "detour_send_duration_seconds_count", { channel: "whatsapp-cloud" })).toBe(1);

    const [call] = await world.db.query<{ id: string }>("select id from call where phone = $1", [MOBILE]);
    for (const kind of ["invite.read", "invite.delivered", "deflection.owed"])
      await world.db.query(TOLD, [kind, call!.id]);
    const told = await scrapeUntil(
      (samples) => valueOf(samples, "detour_funnel_calls_total", { queue, stage: "owed" }) === 1,
    );

    expect(valueOf(told, "detour_funnel_calls_total", { queue, stage: "delivered" })).toBe(1);
  });

  it("tell since when the oldest event, message and unsettled send wait", async () => {
    const channel = "whatsapp-cloud";
    const ago = (seconds: number) => new Date(world.clock.now() - seconds * 1000);
    await world.db.query(EVENT, [ago(30)]);
    for (const [id, status, seconds] of [
      [1, "queued", 20],
      [2, "unclear", 40],
    ] as const)
      await world.db.query(MESSAGE, [`00000000-0000-7000-8000-00000000000${id}`, status, ago(seconds)]);

    const { samples } = await scrape();
    await world.db.query("delete from inbox where lane = 'stuck'");
    await world.db.query("delete from message where address = 'stuck'");
    const { samples: later } = await scrape();

    const oldest = (kind: string, of = samples) => valueOf(of, "detour_backlog_oldest_seconds", { kind, channel });
    expect([oldest("inbox"), oldest("outbox"), oldest("unsettled")]).toEqual([30, 20, 40]);
    expect(valueOf(samples, "detour_backlog_rows", { kind: "inbox", channel })).toBe(1);
    expect([oldest("inbox", later), oldest("outbox", later), oldest("unsettled", later)]).toEqual([0, 0, 0]);
  });

  /** Makes garbage: a young process may not have collected any yet. */
  async function collects(): Promise<boolean> {
    for (let heaps = 0; heaps < 20; heaps++) Array.from({ length: 200_000 }, () => ({}));
    return (await scrape()).samples.some(({ name }) => name === "nodejs_gc_duration_seconds_count");
  }

  it("tell of the process: pools, event loop, collections, heap", async () => {
    const { samples } = await scrape();

    for (const pool of ["front", "back"]) {
      expect(valueOf(samples, "detour_pg_connections", { pool, state: "most" })).toBe(10);
      expect(valueOf(samples, "detour_pg_connections", { pool, state: "waiting" })).toBe(0);
    }
    expect(valueOf(samples, "nodejs_eventloop_lag_p99_seconds")).toBeGreaterThan(0);
    expect(valueOf(samples, "nodejs_heap_size_used_bytes")).toBeGreaterThan(1e6);
    await expect.poll(collects).toBe(true);
    expect(valueOf(samples, "detour_database_up")).toBe(1);
  });

  it("hold no number, and no label that a stranger could make grow", async () => {
    const strange = Array.from({ length: 50 }, (_, i) => `/no/such/${MOBILE}/${i}`);
    const visit = async (paths: string[]) => {
      await Promise.all(paths.map((path) => fetch(`${world.detour.url}${path}`)));
      await fetch(`${world.detour.url}/api/stories/${encodeURIComponent(MOBILE)}`);
      return scrape();
    };
    const before = (await visit(strange.slice(0, 5))).samples;

    const { text, samples } = await visit(strange.slice(5));

    expect(text).not.toMatch(/79161234567|79165550102|9161234567/);
    // A first collection of a kind adds its own series, whoever visits.
    const visited = (all: typeof samples) => all.filter(({ name }) => !name.startsWith("nodejs_gc_"));
    const series = (all: typeof samples) => visited(all).map(({ name, labels }) => `${name} ${JSON.stringify(labels)}`);
    const known = new Set(series(before));
    expect(series(samples).filter((one) => !known.has(one))).toEqual([]);
    expect(
      valueOf(samples, "detour_http_request_duration_seconds_count", { method: "any", route: "none", status: "4xx" }),
    ).toBe(50);
  });
});

const TOLD = "insert into event (tenant, at, kind, call_id) values ('main', now(), $1, $2)";
const EVENT = `
  insert into inbox (tenant, channel, account, dedupe, id, lane, event, received_at)
  values ('main', 'whatsapp-cloud', 'a', 'stuck', '00000000-0000-7000-8000-000000000001', 'stuck', '{}', $1)`;
const MESSAGE = `
  insert into message (tenant, id, conversation_id, author, content, text, at, status, channel, account, address, send_at, claimed_by, claimed_at)
  values ('main', $1::uuid, $1::uuid, 'bot', '{}', '', $3, $2, 'whatsapp-cloud', 'a', 'stuck', $3, $1::uuid, $3)`;
