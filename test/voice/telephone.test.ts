import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createSettableClock, instant, type PhoneNumber } from "#kit";
import { createTwilioVoice } from "#voice/twilio";
import { createTwilio } from "../../sim/twilio/index.ts";
import { validateRestRequest } from "../support/twilio-spec.ts";
import { ACCOUNT, CALL, OPERATOR_CALL, PUBLIC_URL, QUEUE, TOKEN, createFlow, settingsWith } from "./hotline.ts";

const PATIENCE = "#ct=1500&rt=3000&rc=2&rp=ct,rt,5xx";
const CALL_OF = { providerQueue: QUEUE, providerCall: CALL };
const LEG = { endpoint: "+79160000001", reference: "leg-7" };

interface Asked {
  method: string;
  path: string;
  form: Record<string, string>;
  events: string[];
  authorization: string;
  port: number | undefined;
}
type Behave = (response: ServerResponse, request: IncomingMessage) => void;

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A provider at the other end of a real line, which behaves as told. */
async function createProvider(behave: Behave, env: Record<string, string> = {}) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      const { method = "", url = "", headers, socket } = request;
      const fields = new URLSearchParams(body);
      asked.push({
        method,
        path: url,
        form: Object.fromEntries(fields),
        events: fields.getAll("StatusCallbackEvent"),
        authorization: String(headers.authorization),
        port: socket.remotePort,
      });
      behave(response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { asked, ...telephoneAt(url, env) };
}

function telephoneAt(url: string, env: Record<string, string> = {}) {
  const logged: object[] = [];
  const log = {
    warn: (fields: object) => void logged.push(fields),
    error: (fields: object) => void logged.push(fields),
  };
  const { telephone } = createTwilioVoice({
    settings: settingsWith({ TWILIO_BASE_URL: url, ...env }),
    publicUrl: PUBLIC_URL,
    handler: () => createFlow().handler,
    log,
    clock: createSettableClock(instant(0)),
  });
  return { telephone, logged };
}

const answer =
  (status: number, body: unknown): Behave =>
  (response) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
const problem = (status: number, code: number) => answer(status, { code, message: "No.", more_info: "", status });
const breakOff: Behave = (_response, request) => request.socket.destroy();
const silence: Behave = () => {};

const member = { call_sid: CALL, date_enqueued: null, position: 1, uri: "", wait_time: 3, queue_sid: QUEUE };

describe("taking a caller out of the queue", () => {
  it("asks the Members endpoint, in Twilio's words, for the document we serve", async () => {
    const { telephone, asked } = await createProvider(answer(200, member));

    expect(await telephone.pullOut(CALL_OF)).toBe("done");
    const [request] = asked;
    expect(validateRestRequest("POST", request!.path, request!.form)).toEqual([]);
    expect(request).toMatchObject({
      path: `/2010-04-01/Accounts/${ACCOUNT}/Queues/${QUEUE}/Members/${CALL}.json`,
      form: { Url: `${PUBLIC_URL}/voice/twilio/pulled-out${PATIENCE}`, Method: "POST" },
      authorization: `Basic ${Buffer.from(`${ACCOUNT}:${TOKEN}`).toString("base64")}`,
    });
  });

  it.each<[string, Behave, string]>([
    ["is too late when the caller waits no more", problem(404, 20404), "gone"],
    ["is too late when the call is over", problem(400, 21220), "gone"],
    ["may be asked later when there were too many requests", problem(429, 20429), "busy"],
    ["may be asked later when Twilio is down", problem(503, 20503), "busy"],
    [
      "may be asked later when a gateway answers for Twilio",
      (response) => response.writeHead(502).end("<html>"),
      "busy",
    ],
    ["did not happen when the account is refused", problem(401, 20003), "busy"],
    ["is unclear when the line breaks", breakOff, "unclear"],
    ["is unclear when Twilio stays silent", silence, "unclear"],
    ["is unclear when the answer is no answer", (response) => response.writeHead(200).end("<html>"), "unclear"],
    [
      "does not follow a redirect with our credentials",
      (response) => response.writeHead(307, { location: "/elsewhere" }).end(),
      "busy",
    ],
  ])("%s", async (_what, behave, outcome) => {
    const { telephone, asked } = await createProvider(behave, { TWILIO_TIMEOUT_MS: "200" });

    expect(await telephone.pullOut(CALL_OF)).toBe(outcome);
    expect(asked).toHaveLength(1);
  });

  it("did not happen when nobody listens at the address", async () => {
    const { telephone } = telephoneAt("http://127.0.0.1:1");

    expect(await telephone.pullOut(CALL_OF)).toBe("busy");
  });

  it("keeps one connection for many requests", async () => {
    const { telephone, asked } = await createProvider(answer(200, member));
    for (let i = 0; i < 5; i += 1) await telephone.pullOut(CALL_OF);

    expect(new Set(asked.map(({ port }) => port)).size).toBe(1);
  });
});

describe("ringing an operator", () => {
  it("gives Twilio the addresses of this leg", async () => {
    const { telephone, asked } = await createProvider(answer(201, { sid: CALL, status: "queued" }));

    expect(await telephone.ringOperator(LEG)).toEqual({ kind: "ringing", providerCall: CALL });
    const [request] = asked;
    expect(validateRestRequest("POST", request!.path, request!.form)).toEqual([]);
    expect(request!.form).toEqual({
      To: LEG.endpoint,
      From: "+74951234567",
      Url: `${PUBLIC_URL}/voice/twilio/operator?leg=leg-7${PATIENCE}`,
      Method: "POST",
      StatusCallback: `${PUBLIC_URL}/voice/twilio/operator-status?leg=leg-7${PATIENCE}`,
      StatusCallbackMethod: "POST",
      StatusCallbackEvent: "completed",
      Timeout: "25",
    });
  });

  it.each<[string, Behave, object]>([
    ["is refused with Twilio's own words", problem(400, 21211), { kind: "refused", words: "21211: No." }],
    ["is refused when there were too many requests", problem(429, 20429), { kind: "refused", words: "20429: No." }],
    ["is unclear when Twilio fails midway, and never repeated", problem(500, 20500), { kind: "unclear" }],
    ["is unclear when the line breaks, and never repeated", breakOff, { kind: "unclear" }],
    ["is unclear when Twilio stays silent, and never repeated", silence, { kind: "unclear" }],
  ])("%s", async (_what, behave, outcome) => {
    const { telephone, asked } = await createProvider(behave, { TWILIO_TIMEOUT_MS: "200" });

    expect(await telephone.ringOperator(LEG)).toEqual(outcome);
    expect(asked).toHaveLength(1);
  });

  it("is refused when nobody listens at the address, and the log holds no number", async () => {
    const { telephone, logged } = telephoneAt("http://127.0.0.1:1");

    expect(await telephone.ringOperator(LEG)).toEqual({ kind: "refused", words: "ECONNREFUSED" });
    expect(logged).toEqual([{ asked: "ring-operator", kind: "not-connected", code: "ECONNREFUSED" }]);
  });
});

const CUSTOMER = "+79161234567" as PhoneNumber;
const DIAL = { to: CUSTOMER, from: null, reference: "dial-3", meeting: "olga", ringSeconds: 30 };

describe("ringing a customer", () => {
  it("gives Twilio the addresses of this leg and wants to hear of every step", async () => {
    const { telephone, asked } = await createProvider(answer(201, { sid: CALL, status: "queued" }));

    expect(await telephone.dial(DIAL)).toEqual({ kind: "ringing", providerCall: CALL });
    const [request] = asked;
    expect(validateRestRequest("POST", request!.path, request!.form)).toEqual([]);
    expect(request!.form).toMatchObject({
      To: CUSTOMER,
      From: "+74951234567",
      Url: `${PUBLIC_URL}/voice/twilio/called?leg=dial-3&meeting=olga${PATIENCE}`,
      StatusCallback: `${PUBLIC_URL}/voice/twilio/called-status?leg=dial-3${PATIENCE}`,
      Timeout: "30",
    });
    expect(request!.events).toEqual(["initiated", "ringing", "answered", "completed"]);
  });

  it("shows the number the customer knows", async () => {
    const { telephone, asked } = await createProvider(answer(201, { sid: CALL, status: "queued" }));
    await telephone.dial({ ...DIAL, from: "+442079460142" as PhoneNumber });

    expect(asked[0]!.form).toMatchObject({ From: "+442079460142" });
  });

  it.each<[string, Behave, object]>([
    [
      "cannot be done for a wrong number",
      problem(400, 21211),
      { kind: "refused", because: "number", words: "21211: No." },
    ],
    ["cannot be done for an unreachable number", problem(400, 21217), { kind: "refused", because: "number" }],
    ["is trouble when the account may not call there", problem(400, 21215), { kind: "refused", because: "trouble" }],
    ["is trouble when there were too many requests", problem(429, 20429), { kind: "refused", because: "trouble" }],
    ["is unclear when Twilio fails midway, and never repeated", problem(500, 20500), { kind: "unclear" }],
    ["is unclear when the line breaks, and never repeated", breakOff, { kind: "unclear" }],
    ["is unclear when Twilio stays silent, and never repeated", silence, { kind: "unclear" }],
  ])("%s", async (_what, behave, outcome) => {
    const { telephone, asked } = await createProvider(behave, { TWILIO_TIMEOUT_MS: "200" });

    expect(await telephone.dial(DIAL)).toMatchObject(outcome);
    expect(asked).toHaveLength(1);
  });
});

describe("looking an unclear dial up", () => {
  const SINCE = instant(Date.UTC(2026, 10, 21, 9));
  const WANTED = { to: CUSTOMER, since: SINCE, providerCall: null, others: [] };
  const call = (status: string, changes: object = {}) => ({
    sid: CALL,
    status,
    direction: "outbound-api",
    date_created: "Sat, 21 Nov 2026 09:00:00 +0000",
    ...changes,
  });
  const list = (...calls: object[]) => answer(200, { calls, page: 0, page_size: 50 });

  it("asks by number alone, because a call that has not rung yet has no start time", async () => {
    const { telephone, asked } = await createProvider(list());
    await telephone.findDial(WANTED);

    expect(asked[0]!.path).toContain("To=%2B79161234567");
    expect(asked[0]!.path).not.toContain("StartTime");
  });

  it.each<[string, Behave, object]>([
    ["finds it ringing", list(call("ringing")), { kind: "alive", providerCall: CALL }],
    ["finds it still held back", list(call("queued")), { kind: "alive", providerCall: CALL }],
    ["finds it over", list(call("no-answer")), { kind: "over", how: "no-answer" }],
    [
      "takes the live one of two",
      list(call("busy", { sid: OPERATOR_CALL }), call("ringing")),
      { kind: "alive", providerCall: CALL },
    ],
    [
      "does not take an older call for it",
      list(call("ringing", { date_created: "Sat, 21 Nov 2026 08:59:00 +0000" })),
      { kind: "nothing" },
    ],
    [
      "does not take the customer's own call for it",
      list(call("in-progress", { direction: "inbound" })),
      { kind: "nothing" },
    ],
    ["finds nothing", list(), { kind: "nothing" }],
    ["knows nothing while Twilio is down", problem(503, 20503), { kind: "unknown" }],
    ["knows nothing when the line breaks", breakOff, { kind: "unknown" }],
  ])("%s", async (_what, behave, found) => {
    const { telephone } = await createProvider(behave);

    expect(await telephone.findDial(WANTED)).toEqual(found);
  });

  it("does not take a leg for it that is known to be another", async () => {
    const { telephone } = await createProvider(list(call("completed")));

    expect(await telephone.findDial({ ...WANTED, others: [CALL] })).toEqual({ kind: "nothing" });
  });

  it("asks for a call whose name is known by its name", async () => {
    const { telephone, asked } = await createProvider(answer(200, call("busy")));

    expect(await telephone.findDial({ ...WANTED, providerCall: CALL })).toEqual({ kind: "over", how: "busy" });
    expect(asked[0]!.path).toMatch(new RegExp(`/Calls/${CALL}.json$`));
  });
});

describe("hanging up on a leg of ours", () => {
  it.each<[string, Behave, string]>([
    ["is done", answer(200, { sid: CALL, status: "completed" }), "done"],
    ["is too late when it is over", problem(400, 21220), "gone"],
    ["is too late when there is no such call", problem(404, 20404), "gone"],
    ["may be asked later when Twilio is down", problem(503, 20503), "busy"],
    ["is unclear when the line breaks", breakOff, "unclear"],
  ])("%s", async (_what, behave, outcome) => {
    const { telephone, asked } = await createProvider(behave);

    expect(await telephone.hangUp(CALL)).toBe(outcome);
    expect(validateRestRequest("POST", asked[0]!.path, asked[0]!.form)).toEqual([]);
    expect(asked[0]!.form).toEqual({ Status: "completed" });
  });
});

describe("who waits at the provider", () => {
  const queue = (changes: object) => ({ sid: QUEUE, friendly_name: "hotline", current_size: 1, ...changes });
  const waiting = { ...member, date_enqueued: "Sat, 21 Nov 2026 09:00:00 +0000" };

  it("is asked of the queues of these names that are not empty", async () => {
    const { telephone, asked } = await createProvider((response, request) =>
      answer(
        200,
        request.url!.includes("/Members")
          ? { queue_members: [waiting], page: 0 }
          : {
              queues: [queue({}), queue({ friendly_name: "another" }), queue({ sid: "QU0", current_size: 0 })],
              page: 0,
            },
      )(response, request),
    );

    expect(await telephone.queued(["hotline"])).toEqual([
      { providerCall: CALL, queue: "hotline", providerQueue: QUEUE, since: instant(Date.UTC(2026, 10, 21, 9)) },
    ]);
    expect(asked.map(({ path }) => path.split("?")[0]!.split("/").slice(4).join("/"))).toEqual([
      "Queues.json",
      `Queues/${QUEUE}/Members.json`,
    ]);
  });

  it("is not known while the provider does not answer, and not asked for without an account", async () => {
    const { telephone } = await createProvider(problem(503, 20503));
    expect(await telephone.queued(["hotline"])).toBeNull();
    expect(telephone.connected).toBe(true);

    expect((await createProvider(breakOff, { TWILIO_ACCOUNT_SID: "" })).telephone.connected).toBe(false);
  });

  it("has a name while the call lives", async () => {
    const parties = { sid: CALL, from: CUSTOMER, to: "+74951234567" };
    const live = await createProvider(answer(200, { ...parties, status: "in-progress" }));
    const over = await createProvider(answer(200, { ...parties, status: "completed" }));

    expect(await live.telephone.callerOf(CALL)).toEqual({ from: CUSTOMER, to: "+74951234567" });
    expect(await over.telephone.callerOf(CALL)).toBeNull();
  });
});

describe("the check of the telephone", () => {
  it.each<[string, Behave, RegExp]>([
    ["the credentials are wrong", problem(401, 20003), /TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN/],
    ["the number is not ours", answer(200, { incoming_phone_numbers: [] }), /TWILIO_NUMBER/],
    ["Twilio is down", problem(503, 20503), /503/],
    ["Twilio does not answer", silence, /TWILIO_BASE_URL/],
  ])("says what to do when %s", async (_what, behave, sentence) => {
    const { telephone } = await createProvider(behave, { TWILIO_TIMEOUT_MS: "200" });
    const result = await telephone.check();

    expect(result).toEqual({ ok: false, sentence: expect.stringMatching(sentence) });
  });
});

describe("with the stand-in", () => {
  it("finds the number and sees which addresses are set, and learns that a caller is gone", async () => {
    const twilio = createTwilio({
      clock: createSettableClock(instant(0)),
      accountSid: ACCOUNT,
      authToken: TOKEN,
      number: {
        number: "+74951234567",
        voiceUrl: `${PUBLIC_URL}/voice/twilio/incoming#rc=2`,
        statusCallback: "https://elsewhere.example/status",
      },
    });
    const { telephone } = telephoneAt(await twilio.listen());
    closing.push(() => void twilio.close());

    expect(await telephone.check()).toEqual({
      ok: true,
      facts: { voiceUrl: "ours", statusCallback: "another", fallbackUrl: "missing" },
    });
    expect(await telephone.pullOut(CALL_OF)).toBe("gone");
    expect(await telephone.ringOperator(LEG)).toMatchObject({ kind: "ringing" });
    twilio.faults.rest.status = 429;
    expect(await telephone.pullOut(CALL_OF)).toBe("busy");
    twilio.faults.rest.status = null;
    twilio.faults.rest.cutAfterAccept = true;
    expect(await telephone.ringOperator(LEG)).toEqual({ kind: "unclear" });
  });
});
