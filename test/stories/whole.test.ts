import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { callerHearingOffer, kindsOf, MOBILE, operator, story } from "../support/people.ts";
import { createWorld, type World } from "../support/world.ts";
import { demo } from "../support/demo-env.ts";

/** One whole journey: the call, the template, two bursts, a person, an answer, the rating. */
async function journey(world: World) {
  const olga = await operator(world);
  const customer = world.whatsapp.customer(MOBILE.slice(1));
  const phone = await callerHearingOffer(world);
  phone.press("1");
  await world.until("the call ends", () => phone.state === "ended");
  await world.advance(10_000);
  customer.write("сколько стоит доставка?");
  await world.advance(20_000);
  customer.write("позовите оператора");
  await world.advance(20_000);
  const [{ id }] = (await world.db.query<{ id: string }>("select id from conversation")) as [{ id: string }];
  await olga.request("POST", `/api/conversations/${id}/messages`, {
    text: "Здравствуйте, это Ольга",
    clientId: crypto.randomUUID(),
  });
  await world.advance(20_000);
  await olga.request("POST", `/api/conversations/${id}/close`, {});
  await world.advance(20_000);
  customer.write("5");
  await world.advance(60_000);
  const messages = await world.db.query("select author, text, status from message order by id");
  const rating = await world.db.query("select score, about from rating");
  const calls = await world.db.query("select status, end_reason from call");
  const open = await world.db.query("select owner from conversation");
  const deflection = await world.db.query("select at from deflection");
  return {
    messages,
    rating,
    calls,
    open,
    deflection,
    bought: customer.inbox.map(({ text }) => text),
    kinds: new Set(kindsOf(await story(world, phone))),
  };
}

describe("X-3 webhook chaos", () => {
  it("X-3 every callback doubled, late and shuffled ends in the same state", async () => {
    const calm = await createWorld();
    const expected = await journey(calm);
    await calm.close();

    const wild = await createWorld();
    wild.whatsapp.faults.callbacks.extraCopies = 2;
    wild.whatsapp.faults.callbacks.shuffleMs = 900;
    wild.twilio.faults.webhook.extraCopies = 1;
    const got = await journey(wild);
    await wild.close();

    expect(got).toEqual(expected);
    expect(expected.rating).toEqual([{ score: 5, about: "operator" }]);
  });
});

describe("X-2 losing answers on the way", () => {
  let world: World;
  beforeEach(async () => void (world = await createWorld()));
  afterEach(() => world.close());

  it("X-2 a send whose answer is lost is settled by its receipt and never sent twice", async () => {
    await operator(world);
    const phone = await callerHearingOffer(world);
    world.whatsapp.faults.api.cutAfterAccept = true;
    phone.press("1");
    await world.until("the call ends", () => phone.state === "ended");
    await world.advance(10 * 60_000);

    expect(phone.endedBy).toBe("detour");
    expect(world.whatsapp.accepted.filter(({ body }) => body.type === "template")).toHaveLength(1);
    expect(await world.db.query("select status from message where purpose = 'invite'")).toEqual([
      { status: "delivered" },
    ]);
  });

  it("X-2 a press delivered three times sends one message", async () => {
    await operator(world);
    world.twilio.faults.webhook.extraCopies = 2;
    const phone = await callerHearingOffer(world);
    phone.press("1");
    phone.press("1");
    phone.press("1");
    await world.until("the call ends", () => phone.state === "ended");

    expect(world.whatsapp.accepted.filter(({ body }) => body.type === "template")).toHaveLength(1);
  });
});

describe("X-5 security", () => {
  let world: World;
  beforeEach(async () => void (world = await createWorld()));
  afterEach(() => world.close());

  const rows = async () =>
    (
      await world.db.query<{ count: number }>(
        "select (select count(*) from inbox) + (select count(*) from call) as count",
      )
    )[0]!.count;

  it("X-5 a webhook without the right signature is refused and nothing is stored", async () => {
    const body = JSON.stringify({ object: "whatsapp_business_account", entry: [] });
    const signature = `sha256=${createHmac("sha256", "another secret").update(body).digest("hex")}`;
    const url = `${world.detour.url}/channels/whatsapp-cloud/webhook`;
    const missing = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
    const wrong = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", "x-hub-signature-256": signature },
      body,
    });
    const form = new URLSearchParams({ CallSid: `CA${"0".repeat(32)}`, From: MOBILE, To: demo.hotline.ru });
    const unsigned = await fetch(`${world.detour.url}/voice/twilio/incoming`, { method: "POST", body: form });
    const forged = await fetch(`${world.detour.url}/voice/twilio/incoming`, {
      method: "POST",
      body: form,
      headers: { "x-twilio-signature": "Zm9yZ2Vk", "x-forwarded-host": "evil.example" },
    });
    await world.settle();

    expect([missing.status, wrong.status, unsigned.status, forged.status]).toEqual([403, 403, 403, 403]);
    expect(await rows()).toBe(0);
  });

  it("X-5 roles: nobody without a session gets in, an operator does not see a supervisor's figures", async () => {
    const olga = await operator(world);
    const anonymous = await Promise.all(
      ["/api/conversations?view=mine", "/api/funnel", "/api/calls/waiting"].map((path) =>
        fetch(world.detour.url + path),
      ),
    );

    expect(anonymous.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect((await olga.request("GET", "/api/funnel")).status).toBe(403);
    expect((await olga.request("GET", "/api/conversations?view=mine")).status).toBe(200);
  });
});
