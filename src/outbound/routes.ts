import type { Brands } from "#company";
import type { Database } from "#db";
import { problem, sendProblem } from "#http";
import { storable, type Clock, type Instant } from "#kit";
import type { Staff } from "#staff";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { callingRules } from "./calling.ts";
import type { Callback } from "./core/callback.ts";
import { whyNext } from "./core/why.ts";
import type { Dismissed, Settling } from "./settling.ts";

export interface RoutesDeps {
  db: Database;
  clock: Clock;
  brands: Pick<Brands, "ofQueue">;
  staff: Pick<Staff, "guard" | "operatorOf">;
  settling: Pick<Settling, "dismiss">;
}

const moment = z.number().nullable().describe("Milliseconds since 1970, UTC.");

const callback = z.object({
  id: z.string(),
  queue: z.string(),
  phone: z.string(),
  reason: z.string().describe("Why it is owed, such as `chosen` or `asked-in-chat`."),
  status: z.string(),
  place: z.number().nullable().describe("In its queue, callers on the phone counted too; null outside of the line."),
  enqueuedAt: z.number().describe("First time in the queue: the place is counted from here."),
  promise: z.unknown().describe("What the customer was told about the time."),
  promisedAt: moment,
  tries: z.number().int(),
  last: z.object({ how: z.string(), at: z.number() }).nullable().describe("How the last dial ended."),
  why: z.object({ because: z.string(), at: moment }).describe("What it waits for, and until when."),
  operatorId: z.string().nullable(),
  callId: z.string().nullable(),
  conversationId: z.string().nullable(),
  note: z.string().nullable(),
  endedAt: moment,
});

const listSchema = {
  tags: ["calls"],
  summary: "Callbacks in the order of their places, or the newest that are over",
  querystring: z.strictObject({ which: z.enum(["open", "over"]).default("open") }),
  response: { 200: z.object({ callbacks: z.array(callback) }) },
};

const dismissSchema = {
  tags: ["calls"],
  summary: "Say why a customer need not be called back",
  params: z.object({ id: z.uuid() }),
  body: z.strictObject({ reason: z.string().trim().min(1).max(300).transform(storable) }),
  response: { 204: z.null(), 404: problem, 409: problem },
};

/** What operators see of callbacks. Everything here needs a signed-in operator. */
export function callbackRoutes({ db, clock, brands, staff, settling }: RoutesDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.addHook("onRequest", staff.guard("operator", "supervisor", "admin"));

    app.get("/callbacks", { schema: listSchema }, async (request) => {
      const isOpenOnes = request.query.which === "open";
      const rows = await db.query<Row>(isOpenOnes ? OPEN : OVER, [db.tenant]);
      const rules = new Map((await callingRules(db, brands, clock.now())).map((one) => [one.queue, one]));
      return {
        callbacks: rows.map(({ state, live, ...row }) => ({
          ...row,
          place: row.place,
          tries: state?.tries ?? 0,
          last: state?.last ? { how: state.last.how, at: state.last.at } : null,
          why: whyNext({ state, status: row.status, place: row.place, live, calling: rules.get(row.queue) ?? null }),
        })),
      };
    });

    app.post("/callbacks/:id/dismiss", { schema: dismissSchema }, async (request, reply) => {
      const operator = staff.operatorOf(request);
      const outcome = await settling.dismiss(request.params.id, operator.id, request.body.reason);
      if (outcome === "dismissed") return reply.code(204).send(null);
      return sendProblem(reply, outcome === "not-found" ? 404 : 409, REFUSALS[outcome]);
    });
  };
}

const REFUSALS: Record<Exclude<Dismissed, "dismissed">, { code: string; message: string }> = {
  "not-found": { code: "callback_not_found", message: "There is no such callback. Reload the list." },
  over: { code: "callback_over", message: "This callback is over already. Reload the list." },
  "in-progress": { code: "callback_in_progress", message: "The customer is being called right now. Reload the list." },
};

interface Row {
  id: string;
  queue: string;
  phone: string;
  reason: string;
  status: string;
  place: number | null;
  enqueuedAt: Instant;
  promise: unknown;
  promisedAt: Instant | null;
  state: Callback | null;
  /** The customer is on the phone with us. */
  live: boolean;
  operatorId: string | null;
  callId: string | null;
  conversationId: string | null;
  note: string | null;
  endedAt: Instant | null;
}

const COLUMNS = `
  b.id, b.queue, b.phone, b.reason, b.status, b.enqueued_at as "enqueuedAt", b.promise, b.promised_at as "promisedAt", b.state,
  b.operator_id as "operatorId", b.call_id as "callId", b.conversation_id as "conversationId", b.note, b.ended_at as "endedAt",
  exists (select 1 from call c where c.tenant = b.tenant and c.phone = b.phone and c.status <> 'ended') as live`;

const OPEN = `
  select ${COLUMNS}, line.place
  from callback b left join (
    select id, row_number() over (partition by queue order by enqueued_at, id) as place
    from (
      select id, queue, enqueued_at from call where tenant = $1 and status = 'waiting'
      union all
      select id, queue, enqueued_at from callback where tenant = $1 and status in ('waiting', 'operator-ringing')
    ) as everybody
  ) as line on line.id = b.id
  where b.tenant = $1 and b.status in ('waiting', 'retry', 'operator-ringing', 'dialling', 'talking')
  order by b.enqueued_at, b.id limit 500`;

const OVER = `
  select ${COLUMNS}, null::int as place
  from callback b
  where b.tenant = $1 and b.status not in ('waiting', 'retry', 'operator-ringing', 'dialling', 'talking')
  order by b.ended_at desc nulls last, b.id desc limit 200`;
