import { randomInt } from "node:crypto";
import Fastify from "fastify";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { millis, sameSecret } from "#kit";
import type { Clock } from "#kit";
import { createInFlight } from "../kit/inflight.ts";
import type { InFlight } from "../kit/inflight.ts";
import { createJournal } from "../kit/journal.ts";
import type { Journal } from "../kit/journal.ts";
import { createRandom } from "../kit/random.ts";
import type { Random } from "../kit/random.ts";
import { endCall } from "./call.ts";
import { createFaults } from "./faults.ts";
import type { TwilioFaults } from "./faults.ts";
import { createForms } from "./forms.ts";
import { createPacer } from "./life.ts";
import { createMessages } from "./messages.ts";
import type { Messages } from "./messages.ts";
import { createOperatorPhones, createPhones } from "./phones.ts";
import type { OperatorPhones, Phones } from "./phones.ts";
import { createQueues } from "./queue.ts";
import type { Queues } from "./queue.ts";
import { textOf, type Fields } from "./rest-fields.ts";
import { RestProblem, notFound, outage } from "./rest-problem.ts";
import { restRoutes } from "./rest.ts";
import { decodeForm } from "./signing.ts";
import { createSounds } from "./sounds.ts";
import { createWebhooks } from "./webhook.ts";
import { createWire } from "./wire.ts";
import type { NumberConfig, World } from "./world.ts";

export interface TwilioOptions {
  clock: Clock;
  accountSid: string;
  authToken: string;
  number: NumberConfig;
  /** More numbers of the account, which the same addresses serve. */
  otherNumbers?: string[];
  /** 0 or left out: any free port. */
  apiPort?: number;
  /** How many times faster than life people speak and pauses pass. */
  speed?: number;
  /** New outbound calls a second; Twilio holds the rest back. */
  callsPerSecond?: number;
  /** The same seed gives the same ids and the same faults; left out: a new one each time. */
  seed?: number;
  log?: (sentence: string) => void;
}

/** A stand-in for Twilio: real HTTP in both directions, telephones and time under control. */
export interface Twilio {
  /** Base of the REST API; null before `listen`. */
  readonly url: string | null;
  /** The number people call; change its addresses at any moment. */
  readonly number: NumberConfig;
  readonly phones: Phones;
  readonly operatorPhones: OperatorPhones;
  readonly messages: Messages;
  readonly queues: Queues;
  readonly faults: TwilioFaults;
  readonly journal: Journal;
  /** HTTP requests under way, both directions. */
  readonly inFlight: InFlight;
  listen(): Promise<string>;
  setSpeed(speed: number): void;
  /** Resolves when no HTTP is under way and nothing is left to do but wait for the clock. */
  idle(): Promise<void>;
  /** Ends all calls, tells nobody, and stops listening. */
  close(): Promise<void>;
}

export function createTwilio(options: TwilioOptions): Twilio {
  const { clock, accountSid, authToken, number } = options;
  const random = createRandom(options.seed ?? randomInt(2 ** 32));
  const faults = createFaults();
  const journal = createJournal(clock, "twilio");
  const inFlight = createInFlight();
  const wire = createWire(clock);
  const webhooks = createWebhooks({ clock, wire, journal, inFlight, random, faults, authToken });
  let speed = options.speed ?? 1;
  let url: string | null = null;

  const world: World = {
    clock,
    random,
    accountSid,
    number,
    numbers: [number.number, ...(options.otherNumbers ?? [])],
    calls: new Map(),
    queues: createQueues(() => world),
    forms: createForms(accountSid, clock),
    webhooks,
    sounds: createSounds(() => webhooks),
    sid: (prefix) => prefix + random.hex(32),
    pace: (ms) => ms / speed,
    log: options.log ?? (() => undefined),
  };
  const phones = createPhones(world);
  const operatorPhones = createOperatorPhones(world);
  const messages = createMessages(world);

  const app = Fastify({ logger: false, forceCloseConnections: true });
  readForms(app);
  watch(app, { clock, journal, inFlight, faults, random });
  guard(app, { accountSid, authToken });
  restRoutes(app, { world, messages, operatorPhones, pacer: createPacer(() => world, options.callsPerSecond ?? 1) });

  return {
    get url() {
      return url;
    },
    number,
    phones,
    operatorPhones,
    messages,
    queues: world.queues,
    faults,
    journal,
    inFlight,
    async listen() {
      url = await app.listen({ host: "127.0.0.1", port: options.apiPort ?? 0 });
      return url;
    },
    setSpeed(factor) {
      speed = factor;
    },
    idle: () => inFlight.idle(),
    async close() {
      webhooks.stop();
      for (const call of world.calls.values()) endCall(world, call, "error", "failed");
      wire.close();
      await app.close();
    },
  };
}

function readForms(app: FastifyInstance): void {
  app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, body, done) =>
    done(null, decodeForm(body as string)),
  );
}

interface WatchDeps {
  clock: Clock;
  journal: Journal;
  inFlight: InFlight;
  faults: TwilioFaults;
  random: Random;
}

/** Writes every REST request down and does to it what the faults say. */
function watch(app: FastifyInstance, { clock, journal, inFlight, faults, random }: WatchDeps): void {
  const ends = new WeakMap<FastifyRequest, () => void>();
  const strikes = (request: FastifyRequest) =>
    isMeant(faults.rest.dialling, request) && random.chance(faults.rest.chance);

  app.addHook("onRequest", async (request, reply) => {
    ends.set(request, inFlight.begin());
    reply.raw.once("close", () => ends.get(request)?.());
  });
  app.addHook("preHandler", async (request, reply) => {
    const closeEntry = journal.open({
      from: "detour",
      to: "twilio",
      method: request.method,
      path: request.url,
      params: request.body ?? request.query,
    });
    reply.raw.once("close", () => closeEntry(reply.raw.writableFinished ? reply.statusCode : null));
    if (faults.rest.status !== null && strikes(request)) throw outage[faults.rest.status]();
  });
  app.addHook("onSend", async (request, reply, payload) => {
    if (faults.rest.delayMs > 0) {
      // Whoever waits by the clock is not at work: a standing clock must still become idle.
      ends.get(request)?.();
      await inFlight.hold(new Promise((resolve) => clock.after(millis(faults.rest.delayMs), resolve)));
      ends.set(request, inFlight.begin());
    }
    if (faults.rest.cutAfterAccept && strikes(request)) cut(request, reply);
    return payload;
  });
}

const isMeant = (number: string | null, { method, body }: FastifyRequest) =>
  number === null || (method === "POST" && textOf(body as Fields | null, "To") === number);

function cut(request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack();
  request.raw.socket.destroy();
}

/** Basic authentication, and errors in Twilio's words. */
function guard(app: FastifyInstance, { accountSid, authToken }: { accountSid: string; authToken: string }): void {
  const expected = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString("base64")}`;
  app.addHook("preHandler", async (request) => {
    if (!sameSecret(request.headers.authorization ?? "", expected)) throw new RestProblem(401, 20003, "Authenticate");
  });
  app.setNotFoundHandler((request, reply) => {
    const problem = notFound(request.url);
    return reply.code(problem.status).send(problem.body);
  });
  app.setErrorHandler((error, _request, reply) => {
    const problem = error instanceof RestProblem ? error : outage[500]();
    return reply.code(problem.status).send(problem.body);
  });
}
