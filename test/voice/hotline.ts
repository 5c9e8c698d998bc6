import Fastify, { type FastifyInstance } from "fastify";
import { getExpectedTwilioSignature } from "twilio/lib/webhooks/webhooks.js";
import { readSettings } from "#config";
import { createSettableClock, instant } from "#kit";
import type { CallHandler, VoiceDocument } from "#voice";
import { createTwilioVoice, twilioSettings, type TwilioSettings } from "#voice/twilio";
import { validateTwiml, validateWebhookForm } from "../support/twilio-spec.ts";

export const ACCOUNT = `AC${"a".repeat(32)}`;
export const TOKEN = "the-token";
export const OLD_TOKEN = "the-old-token";
export const PUBLIC_URL = "https://hotline.example.com";
export const CALL = `CA${"c1".repeat(16)}`;
export const OPERATOR_CALL = `CA${"2".repeat(32)}`;
export const QUEUE = `QU${"3".repeat(32)}`;

export type Form = Record<string, string | string[]>;

/** What Twilio sends with every request about a call. */
export const standard: Form = {
  CallSid: CALL,
  AccountSid: ACCOUNT,
  From: "+79161234567",
  To: "+74951234567",
  CallStatus: "in-progress",
  ApiVersion: "2010-04-01",
  Direction: "inbound",
};

/** A request of every kind, as Twilio makes it. */
export const requests = {
  incoming: { path: "/voice/twilio/incoming", kind: "voice.incoming", form: { ...standard, CallStatus: "ringing" } },
  wait: {
    path: "/voice/twilio/wait",
    kind: "enqueue.waitUrl",
    form: {
      ...standard,
      QueueSid: QUEUE,
      QueuePosition: "3",
      QueueTime: "42",
      AvgQueueTime: "17",
      CurrentQueueSize: "8",
    },
  },
  answer: { path: "/voice/twilio/answer?turn=offer.1", kind: "gather.action", form: { ...standard, Digits: "1" } },
  left: { path: "/voice/twilio/left", kind: "enqueue.action", form: { ...standard, QueueResult: "leave" } },
  pulledOut: { path: "/voice/twilio/pulled-out", kind: "voice.incoming", form: standard },
  connecting: {
    path: "/voice/twilio/connecting",
    kind: "queue.url",
    form: { ...standard, QueueSid: QUEUE, QueueTime: "42", DequeingCallSid: OPERATOR_CALL },
  },
  operator: {
    path: "/voice/twilio/operator?leg=leg-7",
    kind: "voice.outbound-answered",
    form: { ...standard, Direction: "outbound-api" },
  },
  status: {
    path: "/voice/twilio/status",
    kind: "call.statusCallback",
    form: { ...standard, CallStatus: "completed", SequenceNumber: "4", CallbackSource: "call-progress-events" },
  },
  operatorStatus: {
    path: "/voice/twilio/operator-status?leg=leg-7",
    kind: "call.statusCallback",
    form: { ...standard, CallStatus: "no-answer", CallbackSource: "call-progress-events" },
  },
  called: {
    path: "/voice/twilio/called?leg=dial-3&meeting=olga",
    kind: "voice.outbound-answered",
    form: { ...standard, Direction: "outbound-api" },
  },
  holding: {
    path: "/voice/twilio/holding?leg=leg-7",
    kind: "enqueue.waitUrl",
    form: {
      ...standard,
      Direction: "outbound-api",
      QueueSid: QUEUE,
      QueuePosition: "1",
      QueueTime: "4",
      AvgQueueTime: "4",
      CurrentQueueSize: "1",
    },
  },
  joined: {
    path: "/voice/twilio/joined?leg=dial-3",
    kind: "queue.url",
    form: { ...standard, QueueSid: QUEUE, QueueTime: "9", DequeingCallSid: OPERATOR_CALL },
  },
  calledLeft: {
    path: "/voice/twilio/called-left?leg=dial-3",
    kind: "dial.action",
    form: { ...standard, Direction: "outbound-api", DialCallStatus: "completed" },
  },
  calledStatus: {
    path: "/voice/twilio/called-status?leg=dial-3",
    kind: "call.statusCallback",
    form: {
      ...standard,
      Direction: "outbound-api",
      CallStatus: "busy",
      SequenceNumber: "2",
      CallbackSource: "call-progress-events",
    },
  },
} satisfies Record<string, { path: string; kind: string; form: Form }>;

export type Kind = keyof typeof requests;
export const kinds = Object.keys(requests) as Kind[];
/** Requests whose answer is heard by a live call. */
export const documentKinds: Kind[] = [
  "incoming",
  "wait",
  "answer",
  "left",
  "pulledOut",
  "connecting",
  "operator",
  "called",
  "holding",
  "joined",
  "calledLeft",
];

const CONTEXTS: Partial<Record<Kind, "enqueue.waitUrl" | "queue.url">> = {
  wait: "enqueue.waitUrl",
  connecting: "queue.url",
  holding: "enqueue.waitUrl",
  joined: "queue.url",
};

export const sign = (path: string, form: Form, token = TOKEN, base = PUBLIC_URL) =>
  getExpectedTwilioSignature(token, base + path, form);

export function encode(form: Form): string {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(form)) for (const one of [value].flat()) body.append(name, one);
  return body.toString();
}

export const settingsWith = (env: Record<string, string> = {}): TwilioSettings =>
  readSettings(
    {
      TWILIO_ACCOUNT_SID: ACCOUNT,
      TWILIO_AUTH_TOKEN: TOKEN,
      TWILIO_AUTH_TOKEN_OLD: OLD_TOKEN,
      TWILIO_NUMBER: "+74951234567",
      ...env,
    },
    { twilio: twilioSettings },
  ).twilio;

/** What the call flow was told, and what it answers next. */
export interface Flow {
  told: unknown[][];
  /** Says what every question gets from now on. */
  answer: (method: string) => Promise<VoiceDocument>;
}

export function createFlow(): { flow: Flow; handler: CallHandler } {
  const flow: Flow = { told: [], answer: async (method) => [{ do: "say", text: `heard ${method}`, locale: "en" }] };
  const asked =
    (method: string) =>
    (...facts: unknown[]) => {
      flow.told.push([method, ...facts]);
      return flow.answer(method);
    };
  const told =
    (method: string) =>
    async (...facts: unknown[]) => {
      flow.told.push([method, ...facts]);
      await flow.answer(method);
    };
  const handler: CallHandler = {
    arrived: asked("arrived"),
    waiting: asked("waiting"),
    answered: asked("answered"),
    pulledOut: asked("pulledOut"),
    connecting: asked("connecting"),
    leftQueue: asked("leftQueue"),
    operatorAnswered: asked("operatorAnswered"),
    statusChanged: told("statusChanged"),
    operatorLegEnded: told("operatorLegEnded"),
    calleeAnswered: asked("calleeAnswered"),
    calleeAlive: told("calleeAlive"),
    calleeGone: told("calleeGone"),
    meetingWaits: asked("meetingWaits"),
    meetingJoined: asked("meetingJoined"),
    meetingLeft: asked("meetingLeft"),
    fallback: (moment) =>
      moment === "waiting" || moment === "answered"
        ? [{ do: "play", sound: "hold-music" }, { do: "keep-waiting" }]
        : [
            { do: "say", text: `fallback ${moment}`, locale: "ru" },
            { do: "enqueue", queue: "hotline" },
          ],
  };
  return { flow, handler };
}

/** The telephone on a bare server, with a call flow that says what the test wants. */
export async function createHotline(options: { settings?: TwilioSettings; publicUrl?: string } = {}) {
  const clock = createSettableClock(instant(Date.UTC(2026, 10, 21, 9)));
  const { flow, handler } = createFlow();
  const logged: object[] = [];
  const log = { warn: (fields: object) => logged.push(fields), error: (fields: object) => logged.push(fields) };
  const publicUrl = options.publicUrl ?? PUBLIC_URL;
  const settings = options.settings ?? settingsWith();
  const voice = createTwilioVoice({ settings, publicUrl, handler: () => handler, log, clock });
  const app: FastifyInstance = Fastify();
  await app.register(voice.routes);

  const post = (path: string, form: Form, headers: Record<string, string> = {}) =>
    app.inject({
      method: "POST",
      url: path,
      payload: encode(form),
      headers: {
        "content-type": "application/x-www-form-urlencoded; charset=utf-8",
        "x-twilio-signature": sign(path, form),
        ...headers,
      },
    });

  return {
    app,
    clock,
    flow,
    logged,
    voice,
    post,
    /** A genuine request of this kind; complains when the test itself strays from Twilio's description. */
    async ask(kind: Kind, changes: Form = {}, headers: Record<string, string> = {}) {
      const form = { ...requests[kind].form, ...changes };
      const strays = validateWebhookForm(requests[kind].kind, form);
      if (strays.length > 0) throw new Error(strays.join(" "));
      const answer = await post(requests[kind].path, form, headers);
      const isXml = String(answer.headers["content-type"]).startsWith("text/xml");
      return { ...answer, body: answer.body, complaints: isXml ? validateTwiml(answer.body, CONTEXTS[kind]) : [] };
    },
  };
}
