import type { FastifyInstance } from "fastify";
import { PATHS } from "./addresses.ts";
import { addDocument, addNote, type WebhookDeps } from "./document-routes.ts";
import type { Requests } from "./requests.ts";
import { callStatus, legEnd } from "./words.ts";

const JOIN_SECONDS = 10;
const HOLD_SECONDS = 2;

/**
 * Somebody we dialled, and whoever waits for them. When we fail here the two are joined all the same: both were asked
 * for, and the operator waits.
 */
export function calleeRoutes(app: FastifyInstance, deps: WebhookDeps, requests: Requests): void {
  addDocument(app, deps, {
    path: PATHS.called,
    facts: requests.called,
    ask: (handler, { form, query }) => handler.calleeAnswered(query.leg, form.CallSid),
    otherwise: (_handler, { query }) => [
      { do: "join-meeting", meeting: query.meeting, reference: query.leg, timeoutSeconds: JOIN_SECONDS },
    ],
  });
  addDocument(app, deps, {
    path: PATHS.holding,
    facts: requests.holding,
    ask: (handler, { query }) => handler.meetingWaits(query.leg),
    otherwise: () => [{ do: "pause", seconds: HOLD_SECONDS }],
  });
  addDocument(app, deps, {
    path: PATHS.joined,
    facts: requests.joined,
    ask: (handler, { query }) => handler.meetingJoined(query.leg),
    otherwise: () => [],
  });
  addDocument(app, deps, {
    path: PATHS.calledLeft,
    facts: requests.calledLeft,
    ask: (handler, { form, query }) => handler.meetingLeft(query.leg, haveMet(form.DialCallStatus)),
    otherwise: () => [{ do: "hang-up" }],
  });
  addNote(app, deps, {
    path: PATHS.calledStatus,
    facts: requests.calledStatus,
    async take(handler, { form, query }) {
      const status = callStatus(form.CallStatus);
      const how = status && legEnd(status, [form.SipResponseCode, form.ErrorCode]);
      if (how) await handler.calleeGone(query.leg, how);
      else if (status !== null) await handler.calleeAlive(query.leg, form.CallSid);
    },
  });
}

const haveMet = (dialCallStatus: string) => dialCallStatus === "completed" || dialCallStatus === "answered";
