import type { Database, Wakes } from "#db";
import { problem, sendProblem } from "#http";
import type { Clock } from "#kit";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { WhatsAppWebAccount } from "./account.ts";
import type { Accounts } from "./accounts.ts";
import { refilled } from "./core/budget.ts";
import { lineTrouble, probeTrouble } from "./core/trouble.ts";
import type { Seal } from "./key-store.ts";
import { addLine, readLine, setEnabled, wishFor, type LineRow } from "./line-store.ts";
import { isHeld } from "./lock.ts";
import { WARNING } from "./words.ts";

interface Deps {
  front: Database;
  clock: Clock;
  wakes: Pick<Wakes, "wake">;
  accounts: Pick<Accounts, "all">;
  seal: Pick<Seal, "ready">;
}

const state = z.object({
  account: z.string(),
  enabled: z.boolean().describe("False after a person has switched it off."),
  at: z.enum(["unpaired", "idle", "pairing", "connecting", "open", "waiting", "halted"]),
  /** Some process has the account. */
  held: z.boolean(),
  since: z.number().nullable(),
  code: z.number().nullable().describe("WhatsApp's code of the last ending."),
  trouble: z.string().nullable(),
  shown: z
    .object({ kind: z.enum(["qr", "code"]), text: z.string(), until: z.number() })
    .nullable()
    .describe("What to scan with, or type into, the account's telephone."),
  probe: z
    .object({
      trust: z.enum(["unproven", "clear", "blind"]),
      breaker: z.enum(["closed", "open", "trying"]),
      left: z.object({ minute: z.number(), day: z.number() }),
      lastRoundTrip: z.object({ at: z.number(), tookMs: z.number() }).nullable(),
      trouble: z.string().nullable(),
    })
    .nullable(),
  warning: z.string(),
});

const params = z.object({ connection: z.string() });
const tags = ["whatsapp-web"];

const stateSchema = {
  summary: "One linked account: connection, checks, what to scan",
  tags,
  params,
  response: { 200: state, 404: problem },
};
const pairSchema = {
  summary: "Link the account; what to scan or type appears in its state",
  tags,
  params,
  body: z.object({ by: z.enum(["qr", "code"]).default("qr") }),
  response: { 202: z.object({ warning: z.string() }), 404: problem, 409: problem },
};
const switchSchema = (summary: string) => ({
  summary,
  tags,
  params,
  response: { 200: state, 404: problem },
});

type Asked = FastifyRequest<{ Params: { connection: string } }>;

/** Linking, looking and switching off. The caller lets administrators in only. */
export const whatsAppWebRoutes = ({ front, clock, wakes, accounts, seal }: Deps): FastifyPluginAsyncZod => {
  const settingsOf = ({ params }: Asked): WhatsAppWebAccount | null =>
    accounts.all().find(({ id }) => id === params.connection)?.settings ?? null;

  async function rowOf({ number }: WhatsAppWebAccount): Promise<LineRow> {
    await addLine(front, number, clock.now());
    return (await readLine(front, number))!;
  }

  async function stateOf(account: WhatsAppWebAccount): Promise<z.infer<typeof state>> {
    const { enabled, line, probe, paired } = await rowOf(account);
    const limits = { perMinute: account.checksPerMinute, perDay: account.checksPerDay };
    const held = await isHeld(front, account.number);
    const at = held || line.at === "halted" ? line.at : paired ? "idle" : "unpaired";
    const left = probe && refilled(probe.budget, clock.now(), limits);
    return {
      account: account.number,
      enabled,
      at,
      held,
      since: "since" in line ? line.since : null,
      code: "code" in line ? (line.code ?? null) : null,
      trouble: lineTrouble(line)?.words ?? null,
      shown:
        at === "pairing" && line.at === "pairing" && line.shown && line.shown.until > clock.now() ? line.shown : null,
      probe: probe && {
        trust: probe.sight.at,
        breaker: probe.breaker.at,
        left: { minute: Math.floor(left!.minute.left), day: Math.floor(left!.day.left) },
        lastRoundTrip: probe.heard,
        trouble: probeTrouble(probe)?.words ?? null,
      },
      warning: WARNING,
    };
  }

  async function turn(request: Asked, reply: FastifyReply, enabled: boolean) {
    const account = settingsOf(request);
    if (!account) return noConnection(reply);
    await rowOf(account);
    await setEnabled(front, account.number, enabled);
    if (enabled) await wishFor(front, account.number, { kind: "resume" });
    wakes.wake("whatsapp-web");
    return reply.code(200).send(await stateOf(account));
  }

  return async (app) => {
    app.get("/whatsapp-web/:connection/state", { schema: stateSchema }, async (request, reply) => {
      const account = settingsOf(request);
      return account ? stateOf(account) : noConnection(reply);
    });

    app.post("/whatsapp-web/:connection/pair", { schema: pairSchema }, async (request, reply) => {
      const account = settingsOf(request);
      if (!account) return noConnection(reply);
      if (!seal.ready) return noKey(reply);
      const { enabled } = await rowOf(account);
      if (!enabled) return switchedOff(reply);
      await wishFor(front, account.number, { kind: "pair", how: request.body.by });
      wakes.wake("whatsapp-web");
      return reply.code(202).send({ warning: WARNING });
    });

    app.post(
      "/whatsapp-web/:connection/stop",
      { schema: switchSchema("Switch it off in every process, at once") },
      async (request, reply) => turn(request, reply, false),
    );
    app.post(
      "/whatsapp-web/:connection/start",
      { schema: switchSchema("Switch it on again, also after a halt") },
      async (request, reply) => turn(request, reply, true),
    );
  };
};

const noConnection = (reply: FastifyReply) =>
  sendProblem(reply, 404, {
    code: "connection_not_found",
    message: "There is no such WhatsApp Web connection. See GET /api/connections.",
  });

const noKey = (reply: FastifyReply) =>
  sendProblem(reply, 409, {
    code: "secrets_key_missing",
    message: "The keys of a linked account are kept sealed. Set SECRETS_KEY, start again, then link the account.",
  });

const switchedOff = (reply: FastifyReply) =>
  sendProblem(reply, 409, {
    code: "whatsapp_web_stopped",
    message: "This account was switched off. Switch it on first: POST …/start.",
  });
