import type { Clock } from "#kit";
import { sendProblem } from "#http";
import type { CallHandler, VoiceDocument } from "#voice";
import type { FastifyInstance, FastifyPluginAsync, FastifyReply } from "fastify";
import type { z } from "zod";
import { PATHS } from "./addresses.ts";
import { ANSWER_WITHIN, NOTE_WITHIN, attempt, type VoiceLog } from "./answering.ts";
import { guard, taking } from "./guard.ts";
import { createRequests, type Requests } from "./requests.ts";
import { EMPTY, renderTwiml, type Rendering } from "./twiml.ts";
import { callStatus, isOver, wayOut } from "./words.ts";

export interface WebhookDeps {
  accountSid: string;
  authTokens: (string | undefined)[];
  publicUrl: string;
  rendering: Rendering;
  handler: () => CallHandler;
  log: VoiceLog;
  clock: Clock;
}

type OfACall = { form: { CallSid: string } };

/** Twilio asks what a call shall do next. */
interface DocumentRoute<Facts extends OfACall> {
  path: string;
  facts: z.ZodType<Facts>;
  ask(handler: CallHandler, facts: Facts): Promise<VoiceDocument>;
  /** Heard when we cannot think. */
  otherwise(handler: CallHandler): VoiceDocument;
}

/** Twilio tells that something happened; nobody hears the answer. */
interface NoteRoute<Facts extends OfACall> {
  path: string;
  facts: z.ZodType<Facts>;
  take(handler: CallHandler, facts: Facts): Promise<void>;
}

/** Everything Twilio asks or tells by webhook: signature first, then schema, then the call flow. */
export const webhookRoutes =
  (deps: WebhookDeps): FastifyPluginAsync =>
  async (app) => {
    const requests = createRequests(deps.accountSid);
    guard(app, deps);
    callerRoutes(app, deps, requests);
    leftRoute(app, deps, requests);
    operatorRoutes(app, deps, requests);
    statusRoutes(app, deps, requests);
  };

function callerRoutes(app: FastifyInstance, deps: WebhookDeps, requests: Requests): void {
  addDocument(app, deps, {
    path: PATHS.incoming,
    facts: requests.call,
    ask: (handler, { form }) => handler.arrived({ providerCall: form.CallSid, from: form.From, to: form.To }),
    otherwise: (handler) => handler.fallback("arrived"),
  });
  addDocument(app, deps, {
    path: PATHS.wait,
    facts: requests.waiting,
    ask: (handler, { form }) =>
      handler.waiting(form.CallSid, {
        providerQueue: form.QueueSid,
        position: form.QueuePosition,
        size: form.CurrentQueueSize,
        waitedSeconds: form.QueueTime,
      }),
    otherwise: (handler) => handler.fallback("waiting"),
  });
  addDocument(app, deps, {
    path: PATHS.answer,
    facts: requests.answer,
    ask: (handler, { form, query }) =>
      handler.answered(form.CallSid, { turn: query.turn, digits: form.Digits ?? "", speech: form.SpeechResult ?? "" }),
    otherwise: (handler) => handler.fallback("answered"),
  });
  addDocument(app, deps, {
    path: PATHS.pulledOut,
    facts: requests.call,
    ask: (handler, { form }) => handler.pulledOut(form.CallSid),
    otherwise: (handler) => handler.fallback("pulled-out"),
  });
}

/** When we fail here the caller is joined without a word, and the operator's leg ends: the caller keeps waiting. */
function operatorRoutes(app: FastifyInstance, deps: WebhookDeps, requests: Requests): void {
  addDocument(app, deps, {
    path: PATHS.connecting,
    facts: requests.connecting,
    ask: (handler, { form }) => handler.connecting(form.CallSid, form.DequeingCallSid),
    otherwise: () => [],
  });
  addDocument(app, deps, {
    path: PATHS.operator,
    facts: requests.operator,
    ask: (handler, { query }) => handler.operatorAnswered(query.leg),
    otherwise: () => [],
  });
}

function statusRoutes(app: FastifyInstance, deps: WebhookDeps, requests: Requests): void {
  addNote(app, deps, {
    path: PATHS.status,
    facts: requests.status,
    async take(handler, { form }) {
      const status = callStatus(form.CallStatus);
      if (status !== null) await handler.statusChanged(form.CallSid, status, form.SequenceNumber);
    },
  });
  addNote(app, deps, {
    path: PATHS.operatorStatus,
    facts: requests.operator,
    async take(handler, { form, query }) {
      const status = callStatus(form.CallStatus);
      if (status !== null && isOver(status)) await handler.operatorLegEnded(query.leg, status);
    },
  });
}

/**
 * A call left the queue. When it has ended nobody listens, so a failure may be told and Twilio repeats the
 * news; when we pulled it out it follows another document already. Otherwise it goes on with our answer.
 */
function leftRoute(app: FastifyInstance, deps: WebhookDeps, requests: Requests): void {
  const { rendering, handler, log } = deps;
  const leave = taking(requests.left, log, async ({ form }, reply) => {
    const how = wayOut(form.QueueResult);
    const ended = how === "hung-up" || isOver(callStatus(form.CallStatus));
    const outcome = await attempt(
      {
        kind: PATHS.left,
        call: form.CallSid,
        within: ended ? NOTE_WITHIN : ANSWER_WITHIN,
        run: async () => renderTwiml(await handler().leftQueue(form.CallSid, how), rendering),
      },
      deps,
    );
    if (ended && outcome.kind === "failed") return notNow(reply);
    if (ended || how === "pulled-out") return sendXml(reply, EMPTY);
    if (outcome.kind === "done") return sendXml(reply, outcome.value);
    return sendXml(reply, renderTwiml(handler().fallback("left-queue"), rendering));
  });
  app.post(PATHS.left, leave);
}

/** A live call always gets a document; when we fail, one that keeps the caller's place. */
function addDocument<Facts extends OfACall>(
  app: FastifyInstance,
  deps: WebhookDeps,
  route: DocumentRoute<Facts>,
): void {
  const { rendering, handler, log } = deps;
  const answer = taking(route.facts, log, async (facts, reply) => {
    const outcome = await attempt(
      {
        kind: route.path,
        call: facts.form.CallSid,
        within: ANSWER_WITHIN,
        run: async () => renderTwiml(await route.ask(handler(), facts), rendering),
      },
      deps,
    );
    if (outcome.kind === "done") return sendXml(reply, outcome.value);
    return sendXml(reply, renderTwiml(route.otherwise(handler()), rendering));
  });
  app.post(route.path, answer);
}

function addNote<Facts extends OfACall>(app: FastifyInstance, deps: WebhookDeps, route: NoteRoute<Facts>): void {
  const note = taking(route.facts, deps.log, async (facts, reply) => {
    const outcome = await attempt(
      {
        kind: route.path,
        call: facts.form.CallSid,
        within: NOTE_WITHIN,
        run: () => route.take(deps.handler(), facts),
      },
      deps,
    );
    return outcome.kind === "done" ? reply.code(204).send() : notNow(reply);
  });
  app.post(route.path, note);
}

const sendXml = (reply: FastifyReply, xml: string) => reply.type("text/xml; charset=utf-8").send(xml);

const notNow = (reply: FastifyReply) =>
  sendProblem(reply, 503, { code: "not_now", message: "This could not be stored. Send it again." });
