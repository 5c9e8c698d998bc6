import { sendProblem } from "#http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { VoiceLog } from "./answering.ts";
import { readForm, type Form } from "./form.ts";
import { isGenuine } from "./signature.ts";

const FORM_BYTES = 64 * 1024;

/** Lets nothing through but forms that Twilio signed for this very address. */
export function guard(app: FastifyInstance, deps: { authTokens: (string | undefined)[]; publicUrl: string }): void {
  const { authTokens, publicUrl } = deps;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "buffer", bodyLimit: FORM_BYTES },
    async (_request: FastifyRequest, body: Buffer) => readForm(body),
  );
  app.addHook("onRequest", async (request, reply) =>
    request.headers["x-twilio-signature"] === undefined ? refuse(reply) : undefined,
  );
  app.addHook("preHandler", async (request, reply) => {
    const signed = {
      // The address is ours as configured: Host and X-Forwarded-* are the sender's words.
      url: publicUrl + request.raw.url,
      signature: request.headers["x-twilio-signature"],
      form: (request.body ?? {}) as Form,
    };
    return isGenuine(signed, authTokens) ? undefined : refuse(reply);
  });
}

/** Hands on what the schema believes of a signed request; anything else is refused. */
export const taking =
  <Facts>(facts: z.ZodType<Facts>, log: VoiceLog, take: (facts: Facts, reply: FastifyReply) => Promise<FastifyReply>) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const read = facts.safeParse({ form: request.body ?? {}, query: request.query });
    if (read.success) return await take(read.data, reply);
    const wrong = read.error.issues.map(({ path, code }) => `${path.join(".")} ${code}`);
    log.warn({ kind: request.routeOptions.url, wrong }, "A signed telephone webhook does not fit and was refused.");
    return sendProblem(reply, 400, {
      code: "bad_webhook",
      message: "The request is signed but is not one this address takes. Check the addresses set at Twilio.",
    });
  };

const refuse = (reply: FastifyReply) =>
  sendProblem(reply, 403, {
    code: "bad_signature",
    message:
      "Twilio did not sign this request for this address with our auth token. Check PUBLIC_URL and TWILIO_AUTH_TOKEN.",
  });
