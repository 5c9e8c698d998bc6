import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createSettableClock, days, hours, instant, later, type PhoneNumber } from "#kit";
import { createSms } from "#chat/sms";
import { openTwilioAccount, twilioSettings } from "#voice/twilio";
import { readSettings } from "#config";
import { createAllowance } from "../../src/chat/channels/sms/allowance.ts";
import { outcomeOf } from "../../src/chat/channels/sms/outcome.ts";
import { openDatabase, type Database } from "#db";
import { freshDatabase } from "../support/database.ts";

const NOON = instant(Date.UTC(2026, 10, 20, 12));
const PUBLIC = "https://detour.example";
const ACCOUNT = `AC${"0".repeat(31)}1`;
const TOKEN = "auth-token";
const LIMITS = { number: "+74951234567" as PhoneNumber, countries: ["RU", "KZ"], perHour: 3, perNumberPerDay: 2 };
const ANNA = "+79161234567" as PhoneNumber;

const settings = readSettings(
  { TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_AUTH_TOKEN: TOKEN, TWILIO_NUMBER: "+74951234567" },
  { twilio: twilioSettings },
).twilio;
const noDatabase = undefined as unknown as Database;
const { channel: sms, connections } = createSms(
  { SMS_NUMBER: LIMITS.number, SMS_COUNTRIES: "RU,KZ", SMS_PER_HOUR: 3, SMS_PER_NUMBER_PER_DAY: 2 },
  {
    db: noDatabase,
    clock: createSettableClock(NOON),
    carrier: openTwilioAccount(settings, PUBLIC),
    publicUrl: PUBLIC,
  },
);
await connections.use([
  { id: "1", kind: "sms", account: LIMITS.number, brand: null, name: "", source: "environment", settings: LIMITS },
]);

const STATUS = {
  AccountSid: ACCOUNT,
  ApiVersion: "2010-04-01",
  From: LIMITS.number,
  To: ANNA,
  MessageSid: `SM${"a".repeat(32)}`,
  MessageStatus: "delivered",
};
const OURS = "01935000-0000-7000-8000-000000000001";

/** A request as Twilio signs it: the address and the sorted fields. */
function signed(form: Record<string, string>, query: Record<string, string> = {}, token = TOKEN) {
  const search = new URLSearchParams(query).toString();
  const url = `${PUBLIC}/channels/sms/webhook${search === "" ? "" : `?${search}`}`;
  const data =
    url +
    Object.keys(form)
      .sort()
      .map((name) => name + form[name])
      .join("");
  const signature = createHmac("sha1", token).update(data).digest("base64");
  return {
    headers: { "x-twilio-signature": signature },
    query,
    rawBody: Buffer.from(new URLSearchParams(form).toString()),
    account: null,
  };
}

describe("what Twilio tells about text messages", () => {
  it("is believed only when it was signed for this very address", () => {
    expect(sms.isGenuine(signed(STATUS, { message: OURS }))).toBe(true);
    expect(sms.isGenuine(signed(STATUS, { message: OURS }, "another token"))).toBe(false);
    const moved = { ...signed(STATUS, { message: OURS }), query: { message: OURS.replace("1", "2") } };
    expect(sms.isGenuine(moved)).toBe(false);
    expect(sms.isGenuine({ ...signed(STATUS), headers: {} })).toBe(false);
  });

  it("becomes a status with our own id, and a repeat of it is the same", () => {
    const webhook = signed(STATUS, { message: OURS });
    expect(sms.read(webhook)).toEqual(sms.read(webhook));
    expect(sms.read(webhook)).toMatchObject([
      { kind: "status", status: "delivered", messageId: OURS, providerId: STATUS.MessageSid, account: LIMITS.number },
    ]);
  });

  it("tells why a message did not arrive", () => {
    const failed = { ...STATUS, MessageStatus: "undelivered", ErrorCode: "30006" };
    expect(sms.read(signed(failed))).toMatchObject([
      { status: "failed", refusal: { because: "not-here", code: "30006" } },
    ]);
  });

  it("is refused when a field is hidden in its neighbour, though the signature fits", () => {
    const { MessageStatus: _, ...rest } = STATUS;
    const merged = { ...rest, MessageSid: `${STATUS.MessageSid}MessageStatusdelivered` };
    expect(sms.isGenuine(signed(merged))).toBe(true);
    expect(sms.read(signed(merged))).toBeNull();
  });

  it("may be an answer of the customer", () => {
    const { MessageStatus: _, ...rest } = STATUS;
    const form = { ...rest, From: ANNA, To: LIMITS.number, Body: "где заказ?", NumMedia: "0" };
    expect(sms.read(signed(form))).toMatchObject([
      {
        kind: "message",
        from: ANNA,
        phone: ANNA,
        account: LIMITS.number,
        content: { kind: "text", text: "где заказ?" },
      },
    ]);
  });
});

describe("what a send comes to", () => {
  it.each([
    [{ kind: "taken", sid: "SM1" } as const, { kind: "accepted", providerId: "SM1" }],
    [{ kind: "answered", status: 400, code: 21610, words: "no" } as const, { kind: "refused", because: "opted-out" }],
    [{ kind: "answered", status: 400, code: 21614, words: "no" } as const, { kind: "refused", because: "not-here" }],
    [{ kind: "answered", status: 400, code: 21408, words: "no" } as const, { kind: "refused", because: "not-allowed" }],
    [{ kind: "answered", status: 429, code: 20429, words: "slow" } as const, { kind: "busy" }],
    [{ kind: "answered", status: 401, code: 20003, words: "no" } as const, { kind: "busy", alarm: "20003: no" }],
    [{ kind: "answered", status: 503, code: null, words: "" } as const, { kind: "unclear" }],
    [{ kind: "not-connected", code: "ECONNREFUSED" } as const, { kind: "busy" }],
    [{ kind: "unclear", code: "ECONNRESET" } as const, { kind: "unclear" }],
  ])("%j", (reply, outcome) => expect(outcomeOf(reply)).toMatchObject(outcome));
});

describe("the allowance", () => {
  it("holds the number to its day, everybody to the hour, and everyone to the countries", async () => {
    const fresh = await freshDatabase();
    const db = openDatabase({ url: fresh.url, tenant: "main", connections: 2, queryTimeoutMs: 1800 });
    const clock = createSettableClock(NOON);
    const allowance = createAllowance(db, clock);
    const [boris, vera, gleb] = ["+79161234568", "+79161234569", "+77011234567"] as PhoneNumber[];

    expect(await allowance.take("+447400123456" as PhoneNumber, LIMITS)).toMatchObject({ code: "sms_country" });
    expect(await allowance.take(ANNA, LIMITS)).toBeNull();
    expect(await allowance.take(ANNA, LIMITS)).toBeNull();
    expect(await allowance.take(ANNA, LIMITS)).toMatchObject({ code: "sms_number_full" });
    expect(await allowance.take(boris!, LIMITS)).toBeNull();
    expect(await allowance.take(vera!, LIMITS)).toMatchObject({ code: "sms_hour_full" });

    clock.moveTo(later(NOON, hours(1)));
    expect(await allowance.take(ANNA, LIMITS)).toMatchObject({ code: "sms_number_full" });
    expect(await allowance.take(gleb!, LIMITS)).toBeNull();
    clock.moveTo(later(NOON, days(1)));
    expect(await allowance.take(ANNA, LIMITS)).toBeNull();
    await db.close();
    await fresh.drop();
  });

  it("lets no more through when many ask at once", async () => {
    const fresh = await freshDatabase();
    const db = openDatabase({ url: fresh.url, tenant: "main", connections: 5, queryTimeoutMs: 1800 });
    const allowance = createAllowance(db, createSettableClock(NOON));
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => allowance.take(ANNA, { ...LIMITS, perHour: 100 })),
    );
    expect(answers.filter((answer) => answer === null)).toHaveLength(LIMITS.perNumberPerDay);
    await db.close();
    await fresh.drop();
  });
});
