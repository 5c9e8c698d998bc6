import { readFileSync } from "node:fs";
import twilioSdk from "twilio";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sign } from "../../sim/twilio/signing.ts";
import type { Form } from "../../sim/twilio/signing.ts";
import { ACCOUNT, CALLER, HOTLINE, TOKEN, createHotline } from "./twilio-hotline.ts";
import type { Hotline } from "./twilio-hotline.ts";

let hotline: Hotline;

beforeEach(async () => {
  hotline = await createHotline();
});

afterEach(async () => {
  expect(hotline.complaints).toEqual([]);
  await hotline.close();
});

const byText = (a: string, b: string) => (a < b ? -1 : 1);

describe("the REST API", () => {
  it("wants the account's credentials", async () => {
    const response = await fetch(`${hotline.api}/2010-04-01/Accounts/${ACCOUNT}/Queues.json`, {
      headers: { authorization: `Basic ${Buffer.from(`${ACCOUNT}:wrong`).toString("base64")}` },
    });

    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: 20003 });
  });

  it("serves Twilio's own SDK", async () => {
    class Client extends twilioSdk.RequestClient {
      override request<T>(options: Parameters<InstanceType<typeof twilioSdk.RequestClient>["request"]>[0]) {
        options.uri = options.uri.replace("https://api.twilio.com", hotline.api);
        // The SDK declares its own options twice, once stricter.
        return super.request<T>(options as never);
      }
    }
    const client = twilioSdk(ACCOUNT, TOKEN, { httpClient: new Client() });
    hotline.on("/operator", () => "<Hangup/>");

    const queue = await client.queues.create({ friendlyName: "support", maxSize: 5 });
    const queues = await client.queues.list();
    const placed = await client.calls.create({
      to: "client:anna",
      from: HOTLINE,
      url: `${hotline.base}/operator`,
      statusCallback: `${hotline.base}/operator-status`,
      statusCallbackEvent: ["answered", "completed"],
    });
    await hotline.pass(5);

    expect(queues.map(({ sid }) => sid)).toEqual([queue.sid]);
    expect((await client.calls(placed.sid).fetch()).status).toBe("completed");
    expect(hotline.at("/operator-status").map(({ form }) => form["CallStatus"])).toEqual(["in-progress", "completed"]);
    await expect(client.queues(queue.sid).members("Front").fetch()).rejects.toMatchObject({ status: 404, code: 20404 });
    expect(await client.incomingPhoneNumbers.list({ phoneNumber: HOTLINE })).toMatchObject([
      { voiceUrl: `${hotline.base}/voice` },
    ]);
  });

  it("sends SMS and tells their fate", async () => {
    const order = { From: HOTLINE, Body: "Привет", StatusCallback: `${hotline.base}/sms-status` };
    hotline.twilio.messages.plan("+79160000007", { status: "undelivered", errorCode: 30003 });

    expect(await hotline.rest("POST", "/Messages.json", { To: CALLER, ...order })).toMatchObject({
      status: 201,
      body: { status: "queued" },
    });
    await hotline.rest("POST", "/Messages.json", { To: "+79160000007", ...order });
    await hotline.pass(5);

    const fates = hotline
      .at("/sms-status")
      .map(({ form }) => `${form["To"]} ${form["MessageStatus"]} ${form["ErrorCode"]}`);
    expect(fates.toSorted(byText)).toEqual([
      "+79160000007 sent undefined",
      "+79160000007 undelivered 30003",
      `${CALLER} delivered undefined`,
      `${CALLER} sent undefined`,
    ]);
    expect(hotline.twilio.messages.all).toHaveLength(2);
    expect(await hotline.rest("GET", "/Messages.json")).toMatchObject({
      body: { messages: [{ status: "undelivered" }, { status: "delivered" }] },
    });
  });
});

/** Twilio may sign an address with or without its port, and an apostrophe as it is or escaped. */
const spellings = (url: string) => {
  const bare = url.replace(/^(https?:\/\/[^/]*?):\d+\//, "$1/");
  const usual = bare.startsWith("https:") ? 443 : 80;
  return [url, bare, bare.replace(/^(https?:\/\/[^/]*)\//, `$1:${usual}/`), url.replaceAll("'", "%27")];
};

describe("the signature", () => {
  interface Vector {
    name: string;
    url: string;
    params?: Form;
    signature: string | null;
    valid: boolean;
  }
  const file = new URL("../fixtures/specs/twilio/signature-vectors.json", import.meta.url);
  const { authToken, vectors } = JSON.parse(readFileSync(file, "utf8")) as { authToken: string; vectors: Vector[] };

  it("covers all published examples", () => {
    expect(vectors).toHaveLength(17);
  });

  it.each(vectors)("agrees with the published example: $name", ({ url, params, signature, valid }) => {
    const ours = spellings(url).map((spelling) => sign(authToken, spelling, params));

    expect(ours.includes(signature ?? "")).toBe(valid);
  });
});
