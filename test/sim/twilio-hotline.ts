import Fastify from "fastify";
import twilioSdk from "twilio";
import { createSettableClock, instant, later, millis } from "#kit";
import { createTwilio } from "../../sim/twilio/index.ts";
import type { TwilioOptions } from "../../sim/twilio/index.ts";
import { decodeForm } from "../../sim/twilio/signing.ts";
import type { Form } from "../../sim/twilio/signing.ts";
import { validateRestRequest, validateRestResponse, validateWebhookForm } from "../support/twilio-spec.ts";

export const ACCOUNT = `AC${"a".repeat(32)}`;
export const TOKEN = "secret-token";
export const HOTLINE = "+78005553535";
export const CALLER = "+79161234567";

/** One request of Twilio as the application saw it. */
interface Seen {
  path: string;
  method: string;
  form: Record<string, string>;
  token: string;
}

/** What the application answers: TwiML inside <Response>, a whole answer, or null for a broken line. */
type Answer = string | { status: number; body: string | Buffer; type?: string } | null | Promise<string>;

const KINDS: Record<string, string> = {
  "/voice": "voice.incoming",
  "/fallback": "voice.incoming",
  "/pulled-out": "voice.incoming",
  "/wait": "enqueue.waitUrl",
  "/answer": "gather.action",
  "/left": "enqueue.action",
  "/connecting": "queue.url",
  "/status": "call.statusCallback",
  "/operator": "voice.outbound-answered",
  "/operator-status": "call.statusCallback",
  "/dialled": "dial.action",
  "/sms-status": "message.statusCallback",
};

/** A small application at the other end of the stand-in, which checks everything it is sent. */
export async function createHotline(options: Partial<TwilioOptions> = {}) {
  const clock = createSettableClock(instant(Date.UTC(2026, 10, 21, 9, 0, 0)));
  const seen: Seen[] = [];
  const complaints: string[] = [];
  const answers = new Map<string, (form: Record<string, string>) => Answer>();
  let base = "";

  const app = Fastify({ forceCloseConnections: true });
  app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, body, done) =>
    done(null, decodeForm(body as string)),
  );
  app.all("/*", async (request, reply) => {
    const path = request.url.split("?")[0]!;
    const isPost = request.method === "POST";
    const form = (isPost ? request.body : request.query) as Record<string, string>;
    seen.push({ path, method: request.method, form, token: String(request.headers["i-twilio-idempotency-token"]) });
    const signature = String(request.headers["x-twilio-signature"]);
    if (!twilioSdk.validateRequest(TOKEN, signature, base + request.url, isPost ? form : {})) {
      complaints.push(`${path}: wrong signature`);
    }
    if (KINDS[path]) complaints.push(...validateWebhookForm(KINDS[path], form));
    const answer = answers.has(path) ? await answers.get(path)!(form) : "";
    if (answer === null) {
      reply.hijack();
      return request.raw.socket.destroy();
    }
    if (typeof answer !== "string") {
      return reply
        .code(answer.status)
        .type(answer.type ?? "text/xml")
        .send(answer.body);
    }
    return reply.type("text/xml").send(`<?xml version="1.0" encoding="UTF-8"?><Response>${answer}</Response>`);
  });
  base = await app.listen({ host: "127.0.0.1", port: 0 });

  const number = { number: HOTLINE, voiceUrl: `${base}/voice`, statusCallback: `${base}/status` };
  const twilio = createTwilio({ clock, accountSid: ACCOUNT, authToken: TOKEN, number, seed: 7, ...options });
  const api = await twilio.listen();
  const authorization = `Basic ${Buffer.from(`${ACCOUNT}:${TOKEN}`).toString("base64")}`;

  return {
    base,
    api,
    clock,
    twilio,
    seen,
    complaints,
    /** What the application says at an address from now on. */
    on: (path: string, answer: (form: Record<string, string>) => Answer) => void answers.set(path, answer),
    paths: () => seen.map(({ path }) => path),
    at: (path: string) => seen.filter((request) => request.path === path),
    /** Moves the clock from timer to timer, letting all work finish at each. */
    async pass(seconds: number) {
      const until = later(clock.now(), millis(seconds * 1000));
      await twilio.idle();
      for (let next = clock.nextTimerAt(); next !== null && next <= until; next = clock.nextTimerAt()) {
        clock.moveTo(next);
        await twilio.idle();
      }
      clock.moveTo(until);
      await twilio.idle();
    },
    /** One REST request, checked against Twilio's OpenAPI in both directions. */
    async rest(method: string, path: string, form: Form = {}) {
      const url = `${api}/2010-04-01/Accounts/${ACCOUNT}${path}`;
      if (method === "POST") complaints.push(...validateRestRequest(method, url, form));
      const fields = new URLSearchParams();
      for (const [name, value] of Object.entries(form)) for (const one of [value].flat()) fields.append(name, one);
      const response = await fetch(url, {
        method,
        headers: { authorization },
        ...(method === "POST" ? { body: fields } : {}),
      });
      const body = (await response.json()) as Record<string, unknown>;
      complaints.push(...validateRestResponse(method, url, response.status, body));
      return { status: response.status, body };
    },
    async close() {
      await twilio.close();
      await app.close();
    },
  };
}

export type Hotline = Awaited<ReturnType<typeof createHotline>>;
