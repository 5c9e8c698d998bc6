import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { demo } from "../support/demo-env.ts";
import { callbackSteps, choosesCallback, talks, theCallback } from "../support/callbacks.ts";
import { callerHearingOffer, MOBILE, operator, sentences, signIn, type Worker } from "../support/people.ts";
import { createWorld, type World } from "../support/world.ts";

const MINUTE = 60_000;

const slips = async (world: World) =>
  (await callbackSteps(world)).filter(({ kind }) => kind === "callback.promise-slipped");

interface Report {
  callbacks: number;
  promised: number;
  promises: Record<string, number>;
}

describe("the promised time", () => {
  let world: World;
  let admin: Worker;
  beforeEach(async () => {
    world = await createWorld();
    admin = await signIn(world, demo.admin.email, demo.admin.password);
  });
  afterEach(() => world.close());

  const report = async () => (await admin.request<Report>("GET", "/api/callbacks/report")).body;

  /** Somebody who is on shift and has no telephone: the wait is foreseen, and nobody can be rung. */
  async function chatterOnly() {
    const olga = await operator(world);
    await admin.request("PATCH", `/api/operators/${olga.id}`, { phone: null });
    return olga;
  }

  it("INF-4b a promise that is kept counts as kept", async () => {
    await operator(world);
    await choosesCallback(world);
    const { promised_at } = await theCallback(world);
    await world.until("they talk", talks(world, MOBILE));

    expect(world.clock.now()).toBeLessThan(promised_at!);
    expect(await slips(world)).toEqual([]);
    expect(await report()).toMatchObject({ callbacks: 1, promised: 1, promises: { kept: 1, missed: 0 } });
  });

  it("INF-4b a promise that will be missed is renewed in the chat, once, and the new one counts", async () => {
    const olga = await chatterOnly();
    const phone = await callerHearingOffer(world);
    phone.press("1");
    await world.until("the call ends", () => phone.state === "ended");
    await world.advance(MINUTE);
    const customer = world.whatsapp.customer(MOBILE.slice(1));
    customer.write("перезвоните мне, пожалуйста");
    await world.advance(10_000);
    const { promised_at: first } = await theCallback(world);
    expect(first).not.toBeNull();
    await world.until("it slips", async () => (await slips(world)).length > 0, 20 * MINUTE);
    await world.advance(2000);

    expect(world.clock.now()).toBeLessThanOrEqual(first! + 3000);
    const { promised_at: second } = await theCallback(world);
    expect((await slips(world))[0]!.data).toMatchObject({ promisedAt: first, next: second, told: "chat" });
    const told = () => customer.inbox.filter(({ text }) => text.startsWith("Извините, позвоним позже"));
    expect(told().at(-1)?.text).toMatch(/примерно через \d+–\d+ минут/);
    expect(told()).toHaveLength(1);
    await world.advance(first! - world.clock.now() + 20_000);
    expect(told()).toHaveLength(1);

    await admin.request("PATCH", `/api/operators/${olga.id}`, { phone: olga.endpoint });
    await world.until("they talk", talks(world, MOBILE), 5 * MINUTE);
    expect(await report()).toMatchObject({ promised: 1, promises: { kept: 0, announced_again: 1, missed: 0 } });
  });

  it("INF-4b where nobody can be told the slip is recorded, and counts as missed", async () => {
    const olga = await chatterOnly();
    await choosesCallback(world);
    const { promised_at } = await theCallback(world);
    expect(await report()).toMatchObject({ promised: 1, promises: { open: 1 } });
    await world.until("it slips", async () => (await slips(world)).length > 0, 20 * MINUTE);

    expect((await slips(world))[0]!.data).toMatchObject({ promisedAt: promised_at, told: "none-possible" });
    await world.advance(promised_at! - world.clock.now() + 20_000);
    await admin.request("PATCH", `/api/operators/${olga.id}`, { phone: olga.endpoint });
    await world.until("they talk", talks(world, MOBILE), 5 * MINUTE);
    expect(await report()).toMatchObject({ promised: 1, promises: { kept: 0, announced_again: 0, missed: 1 } });
  });

  it("INF-4b while nobody works no time is promised", async () => {
    const olga = await operator(world);
    world.whatsapp.faults.neverDelivered = true;
    await olga.request("PUT", "/api/presence", { status: "away" });
    const phone = await choosesCallback(world);

    expect(sentences(phone).at(-1)).toBe("Мы перезвоним вам, когда подойдёт ваша очередь. До свидания!");
    expect(await theCallback(world)).toMatchObject({ promised_at: null });
    expect(await report()).toMatchObject({ callbacks: 1, promised: 0 });
  });
});

describe("callers whom the static fallback document has put into the queue", () => {
  it("INF-4b X-4 are seen when the program is back, keep their place, and are served by 'take next'", async () => {
    const world = await createWorld();
    const outside = createServer((_request, response) =>
      response.writeHead(200, { "content-type": "text/xml" }).end(document),
    );
    await new Promise<void>((resolve) => outside.listen(0, "127.0.0.1", resolve));
    const document = await (await fetch(`${world.detour.url}/voice/twilio/fallback.xml`)).text();
    const { voiceUrl } = world.twilio.number;
    world.twilio.number.fallbackUrl = `http://127.0.0.1:${(outside.address() as AddressInfo).port}/fallback.xml`;
    try {
      const olga = await operator(world);
      world.twilio.number.voiceUrl = "http://127.0.0.1:1/nobody";
      const lost = world.twilio.phones.call({ from: MOBILE });
      await world.until("the caller is in the queue", () => lost.state === "in-queue");
      const since = world.clock.now();
      world.twilio.number.voiceUrl = voiceUrl;
      await world.advance(5000);
      const late = world.twilio.phones.call({ from: "+79160000002" });
      await world.advance(90_000);

      const calls = await world.db.query("select provider_call, phone, enqueued_at from call order by enqueued_at");
      expect(calls).toMatchObject([{ provider_call: lost.sid, phone: MOBILE }, { provider_call: late.sid }]);
      expect(Math.abs((calls[0] as { enqueued_at: number }).enqueued_at - since)).toBeLessThan(2000);
      await world.advance(5 * MINUTE);
      expect(lost.state).toBe("in-queue");
      expect((await olga.request("POST", "/api/calls/take-next", {})).status).toBe(202);
      await world.until("they talk", () => lost.state === "talking");
      expect(late.state).toBe("in-queue");
      lost.hangUp();
      await world.advance(5000);
      expect(await world.db.query("select end_reason from call where provider_call = $1", [lost.sid])).toEqual([
        { end_reason: "answered" },
      ]);
    } finally {
      outside.close();
      await world.close();
    }
  });
});
