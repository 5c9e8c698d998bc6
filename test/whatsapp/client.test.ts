import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSettableClock, instant } from "#kit";
import type { PhoneNumber } from "#kit";
import { account, connect, createStand, credentials, invite, phone, text } from "./stand.ts";
import type { Stand } from "./stand.ts";

let stand: Stand;
beforeEach(async () => {
  stand = await createStand();
});
afterEach(() => stand.close());

describe("sending through the Cloud API", () => {
  it("is accepted with the provider's id and the address the message really went to", async () => {
    stand.whatsapp.aliases.set("5511987654321", "551187654321");

    const outcome = await stand.send(invite, "5511987654321");

    expect(outcome).toEqual({
      kind: "accepted",
      providerId: expect.stringMatching(/^wamid\./),
      address: "551187654321",
    });
    expect(stand.whatsapp.accepted).toMatchObject([{ messageId: "01935a3c-0000-7000-8000-000000000001" }]);
    expect(stand.whatsapp.violations).toEqual([]);
  });

  it("reaches a person who hides the phone number", async () => {
    const customer = stand.whatsapp.customer(phone);
    customer.change({ hidesPhone: true });
    customer.write("hello");
    await stand.pass(0);

    const outcome = await stand.send(text("hi"), customer.userId);

    expect(outcome).toMatchObject({ kind: "accepted", address: customer.userId });
    expect(stand.events).toMatchObject([{ kind: "message", from: customer.userId, phone: null }]);
  });

  it("is refused when the number is not on WhatsApp and Meta says so at once", async () => {
    stand.whatsapp.faults.notOnWhatsApp = new Set([phone]);
    stand.whatsapp.faults.notOnWhatsAppBy = "answer";

    const outcome = await stand.send(invite, phone);

    expect(outcome).toMatchObject({ kind: "refused", because: "not-here", code: "131026" });
    expect(stand.whatsapp.accepted).toEqual([]);
  });

  it("is refused outside the 24-hour window unless it is a template", async () => {
    expect(await stand.send(text("hi"), phone)).toMatchObject({ because: "window-closed", code: "131047" });

    stand.whatsapp.customer(phone).write("hello");
    expect(await stand.send(text("hi"), phone)).toMatchObject({ kind: "accepted" });

    await stand.pass(24 * 3600_000);
    expect(await stand.send(text("hi"), phone)).toMatchObject({ because: "window-closed" });
    expect(await stand.send(invite, phone)).toMatchObject({ kind: "accepted" });
  });

  it.each([
    [429, "busy"],
    [503, "busy"],
    [500, "busy"],
  ] as const)("is %s: %s when Meta explains it with a passing error", async (status, kind) => {
    stand.whatsapp.faults.api.status = status;

    expect(await stand.send(invite, phone)).toMatchObject({ kind, retryAfterMs: expect.any(Number) });
    expect(stand.whatsapp.accepted).toEqual([]);
  });

  it.each([
    [429, "busy"],
    [503, "unclear"],
    [500, "unclear"],
  ] as const)("an empty %s means %s", async (status, kind) => {
    Object.assign(stand.whatsapp.faults.api, { status, empty: true });

    expect(await stand.send(invite, phone)).toMatchObject({ kind });
  });

  it("is unclear when the line breaks after the message was taken", async () => {
    stand.whatsapp.faults.api.cutAfterAccept = true;

    expect(await stand.send(invite, phone)).toMatchObject({ kind: "unclear" });
    expect(stand.whatsapp.accepted).toHaveLength(1);
  });

  it("is unclear when the line breaks without a word", async () => {
    stand.whatsapp.faults.api.cutBeforeAccept = true;

    expect(await stand.send(invite, phone)).toMatchObject({ kind: "unclear" });
    expect(stand.whatsapp.accepted).toEqual([]);
  });

  it("is unclear when no answer comes in time", async () => {
    stand.whatsapp.faults.api.delayMs = 60_000;

    const sending = stand.send(invite, phone);
    await expect.poll(() => stand.whatsapp.accepted.length).toBe(1);
    await stand.pass(5000);

    expect(await sending).toEqual({ kind: "unclear", words: "no answer in time" });
  });

  it("is busy while nobody listens, and goes out when somebody does again", async () => {
    await stand.send(invite, phone);
    stand.whatsapp.faults.api.down = true;
    await stand.whatsapp.idle();
    expect(await stand.send(invite, phone)).toMatchObject({ kind: "busy" });

    stand.whatsapp.clearFaults();
    await expect.poll(() => stand.send(invite, phone)).toMatchObject({ kind: "accepted" });
    expect(stand.whatsapp.accepted).toHaveLength(2);
  });

  it("raises an alarm when the token is no longer good", async () => {
    stand.whatsapp.faults.api.errorCode = 190;

    expect(await stand.send(invite, phone)).toMatchObject({ kind: "busy", alarm: expect.stringContaining("190") });
  });

  it("is busy when the customer or the number gets too much", async () => {
    stand.whatsapp.limits.pair = { everyMs: 6000, burst: 2 };
    const outcomes = [
      await stand.send(invite, phone),
      await stand.send(invite, phone),
      await stand.send(invite, phone),
    ];

    expect(outcomes.map(({ kind }) => kind)).toEqual(["accepted", "accepted", "busy"]);
    expect(outcomes[2]).toMatchObject({ retryAfterMs: 6000 });

    stand.whatsapp.limits.perSecond = 1;
    await stand.send(invite, "79160000001");
    expect(await stand.send(invite, "79160000002")).toMatchObject({ kind: "busy" });
  });

  it("keeps token and number out of what it says about a failure", async () => {
    stand.whatsapp.faults.api.cutBeforeAccept = true;

    const said = JSON.stringify(await stand.send(invite, phone));

    expect(said).not.toContain(credentials.accessToken);
    expect(said).not.toContain(phone);
  });
});

/** What the channel makes of a server that answers everything like this. */
async function outcomeWith(status: number, body: string, headers: Record<string, string> = {}) {
  const server = createServer((_request, response) => response.writeHead(status, headers).end(body));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const clock = createSettableClock(instant(0));
  const { channel, connections } = connect(`http://127.0.0.1:${port}`, clock);
  const outcome = await channel.send({
    id: "x" as never,
    to: channel.addressFor(account.phoneNumberId, "+79161234567" as PhoneNumber)!,
    content: text("hi"),
  });
  const health = await connections.check(account);
  await channel.close();
  server.close();
  return { outcome, health };
}

describe("answers that are not Meta's", () => {
  it("never takes success for granted without a message id", async () => {
    expect((await outcomeWith(200, "{}")).outcome).toMatchObject({ kind: "unclear" });
    expect((await outcomeWith(200, "<html>")).outcome).toMatchObject({ kind: "unclear" });
  });

  it("raises an alarm for a wrong address and never follows a redirect", async () => {
    const elsewhere = { location: "http://127.0.0.1:9/" };

    expect((await outcomeWith(404, "not here")).outcome).toMatchObject({ kind: "busy", alarm: expect.any(String) });
    expect((await outcomeWith(302, "", elsewhere)).outcome).toMatchObject({ kind: "busy", alarm: expect.any(String) });
  });

  it("waits as long as it is told", async () => {
    expect((await outcomeWith(429, "", { "retry-after": "9" })).outcome).toEqual({ kind: "busy", retryAfterMs: 9000 });
  });

  it("gives up on an endless answer", async () => {
    expect((await outcomeWith(200, "x".repeat(2_000_000))).outcome).toMatchObject({ kind: "unclear" });
  });

  it("says in the health check which setting to look at", async () => {
    expect((await outcomeWith(200, "{}")).health).toEqual({
      ok: false,
      sentence: expect.stringContaining("Check WHATSAPP_BASE_URL."),
    });
  });
});

describe("the rest of the channel", () => {
  it("greets Meta when the verify token is right", async () => {
    expect(await stand.whatsapp.subscribe()).toBe(true);
    expect(
      stand.channel.greet({
        query: { "hub.mode": "subscribe", "hub.verify_token": "wrong", "hub.challenge": "1" },
        account: null,
      }),
    ).toBeNull();
    expect(stand.channel.greet({ query: { "hub.mode": "subscribe", "hub.challenge": "1" }, account: null })).toBeNull();
  });

  it("marks as read and shows typing until the next message", async () => {
    const customer = stand.whatsapp.customer(phone);
    const providerId = customer.write("hello");
    await stand.pass(0);

    await stand.channel.acknowledge({ account: credentials.phoneNumberId, providerId, typing: true });
    expect(customer.messages).toMatchObject([{ status: "read" }]);
    expect(customer.typing).toBe(true);

    await stand.send(text("hi"), phone);
    expect(customer.typing).toBe(false);
  });

  it("swallows and counts acknowledgements that fail", async () => {
    await stand.channel.acknowledge({ account: credentials.phoneNumberId, providerId: "wamid.unknown", typing: false });

    expect(await stand.connections.check(account)).toMatchObject({ ok: true, facts: { unacknowledged: 1 } });
  });

  it("checks the credentials with a real round trip", async () => {
    expect(await stand.connections.check(account)).toMatchObject({
      ok: true,
      facts: { display_phone_number: "+74950000142" },
    });

    stand.whatsapp.faults.api.errorCode = 190;
    expect(await stand.connections.check(account)).toEqual({
      ok: false,
      sentence: expect.stringContaining("access token"),
    });

    stand.whatsapp.faults.api.down = true;
    expect(await stand.connections.check(account)).toMatchObject({
      ok: false,
      sentence: expect.stringContaining("did not answer"),
    });
  });

  it("addresses a phone by its digits", () => {
    expect(stand.channel.addressFor(account.phoneNumberId, "+79161234567" as PhoneNumber)).toEqual({
      channel: "whatsapp-cloud",
      account: credentials.phoneNumberId,
      id: "79161234567",
    });
  });

  it("keeps the pace the settings give", () => {
    expect(stand.channel.account(account.phoneNumberId)).toMatchObject({ perSecond: 80 });
  });
});
