import type { Clock } from "#kit";
import { sendProblem } from "#http";
import type { CallHandler, VoiceDocument } from "#voice";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { z } from "zod";
import { ANSWER_WITHIN, NOTE_WITHIN, attempt, type VoiceLog } from "./answering.ts";
import { taking } from "./guard.ts";
import { renderTwiml, type Rendering } from "./twiml.ts";

/** What answering Twilio's requests takes. */
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
  otherwise(handler: CallHandler, facts: Facts): VoiceDocument;
}

/** Twilio tells that something happened; nobody hears the answer. */
interface NoteRoute<Facts extends OfACall> {
  path: string;
  facts: z.ZodType<Facts>;
  take(handler: CallHandler, facts: Facts): Promise<void>;
}

/** A live call always gets a document; when we fail, one that keeps the caller's place. */
export function addDocument<Facts extends OfACall>(
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
    return sendXml(reply, renderTwiml(route.otherwise(handler(), facts), rendering));
  });
  app.post(route.path, answer);
}

/** News are stored or repeated by Twilio. */
export function addNote<Facts extends OfACall>(app: FastifyInstance, deps: WebhookDeps, route: NoteRoute<Facts>): void {
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

/** Answers with a document. */
export const sendXml = (reply: FastifyReply, xml: string) => reply.type("text/xml; charset=utf-8").send(xml);

/** Twilio sends it again. */
export const notNow = (reply: FastifyReply) =>
  sendProblem(reply, 503, { code: "not_now", message: "This could not be stored. Send it again." });
