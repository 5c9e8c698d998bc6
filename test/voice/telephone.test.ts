import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createSettableClock, instant } from "#kit";
import { createTwilioVoice } from "#voice/twilio";
import { createTwilio } from "../../sim/twilio/index.ts";
import { validateRestRequest } from "../support/twilio-spec.ts";
import { ACCOUNT, CALL, PUBLIC_URL, QUEUE, TOKEN, createFlow, settingsWith } from "./hotline.ts";

const PATIENCE = "#ct=1500&rt=3000&rc=2&rp=ct,rt,5xx";
const CALL_OF = { providerQueue: QUEUE, providerCall: CALL };
const LEG = { endpoint: "+79160000001", reference: "leg-7" };

interface Asked {
  method: string;
  path: string;
  form: Record<string, string>;
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
      asked.push({
        method,
        path: url,
        form: Object.fromEntries(new URLSearchParams(body)),
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
