import type { FastifyInstance, FastifyPluginAsync } from "fastify";
import { PATHS } from "./addresses.ts";
import { ANSWER_WITHIN, NOTE_WITHIN, attempt } from "./answering.ts";
import { calleeRoutes } from "./callee-routes.ts";
import { addDocument, addNote, notNow, sendXml, type WebhookDeps } from "./document-routes.ts";
import { guard, taking } from "./guard.ts";
import { createRequests, type Requests } from "./requests.ts";
import { EMPTY, renderTwiml } from "./twiml.ts";
import { callStatus, isOver, wayOut } from "./words.ts";

/** Everything Twilio asks or tells by webhook: signature first, then schema, then the call flow. */
export const webhookRoutes =
  (deps: WebhookDeps): FastifyPluginAsync =>
  async (app) => {
    const requests = createRequests(deps.accountSid);
    guard(app, deps);
    callerRoutes(app, deps, requests);
    leftRoute(app, deps, requests);
    operatorRoutes(app, deps, requests);
    calleeRoutes(app, deps, requests);
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
