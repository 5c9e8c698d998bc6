import { problem, sendProblem } from "#http";
import type { Database } from "#db";
import { unreachable, type Instant } from "#kit";
import type { Obstacle } from "#outbound";
import type { Staff } from "#staff";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Operators, TakeNext } from "./operators.ts";

export interface RoutesDeps {
  db: Database;
  staff: Pick<Staff, "guard" | "operatorOf">;
  operators: Operators;
}

const takeNextSchema = {
  summary: "Ring my phone and join me with the caller who has waited longest",
  tags: ["calls"],
  response: { 202: z.object({ state: z.enum(["ringing", "unclear"]) }), 409: problem, 502: problem },
};

const tryNowSchema = {
  summary: "Ring my phone and call this customer back now, whatever the place and the next try",
  tags: ["calls"],
  params: z.object({ id: z.uuid() }),
  response: { 202: z.object({ state: z.enum(["ringing", "unclear"]) }), 404: problem, 409: problem, 502: problem },
};

const waitingSchema = {
  summary: "Callers and promised callbacks in the order they are served",
  tags: ["calls"],
  response: {
    200: z.object({
      waiting: z.array(
        z.object({
          kind: z.enum(["call", "callback"]),
          id: z.string(),
          queue: z.string(),
          phone: z.string().nullable(),
          enqueuedAt: z.number(),
          place: z.number(),
          deflection: z.string().nullable(),
        }),
      ),
    }),
  },
};

const callSchema = {
  summary: "One call with everything that happened to it, oldest first",
  tags: ["calls"],
  params: z.object({ id: z.uuid() }),
  response: {
    200: z.object({
      call: z.record(z.string(), z.unknown()),
      events: z.array(
        z.object({
          seq: z.number(),
          at: z.number(),
          kind: z.string(),
          operatorId: z.string().nullable(),
          conversationId: z.string().nullable(),
          data: z.unknown(),
        }),
      ),
    }),
    404: problem,
  },
};

/** What operators may do with calls. Everything here needs a signed-in operator. */
export function callRoutes({ db, staff, operators }: RoutesDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.addHook("onRequest", staff.guard("operator", "supervisor", "admin"));

    app.post("/calls/take-next", { schema: takeNextSchema }, async (request, reply) => {
      const outcome = await operators.takeNext(staff.operatorOf(request));
      if (outcome.kind === "ringing" || outcome.kind === "unclear")
        return reply.code(202).send({ state: outcome.kind });
      const { status, code, message } = refusal(outcome);
      return sendProblem(reply, status, { code, message });
    });

    app.post("/callbacks/:id/try", { schema: tryNowSchema }, async (request, reply) => {
      const outcome = await operators.takeNext(staff.operatorOf(request), request.params.id);
      if (outcome.kind === "ringing" || outcome.kind === "unclear")
        return reply.code(202).send({ state: outcome.kind });
      const { status, code, message } = refusal(outcome);
      return sendProblem(reply, status, { code, message });
    });

    app.get("/calls/waiting", { schema: waitingSchema }, async () => ({
      waiting: await db.query<WaitingRow>(WAITING, [db.tenant]),
    }));

    app.get("/calls/:id", { schema: callSchema }, async (request, reply) => {
      const [call] = await db.query<Record<string, unknown>>(CALL, [db.tenant, request.params.id]);
      if (!call)
        return sendProblem(reply, 404, {
          code: "call_not_found",
          message: "There is no such call. Go back to the list of calls.",
        });
      return { call, events: await db.query<EventRow>(EVENTS, [db.tenant, request.params.id]) };
    });
  };
}

type Refused = Exclude<TakeNext, { kind: "ringing" | "unclear" }>;

function refusal(outcome: Refused): { status: number; code: string; message: string } {
  switch (outcome.kind) {
    case "no-phone":
      return {
        status: 409,
        code: "no_phone",
        message: "Your account has no phone to ring. Ask an administrator to add one.",
      };
    case "not-online":
      return {
        status: 409,
        code: "not_online",
        message: "You are not online. Set your status to online and try again.",
      };
    case "busy":
      return { status: 409, code: "already_on_call", message: "Your line is already in use. Finish that call first." };
    case "nobody-waiting":
      return { status: 409, code: "nobody_waiting", message: "Nobody is waiting now." };
    case "obstacle":
      return OBSTACLES[outcome.why];
    case "refused":
      return {
        status: 502,
        code: "line_refused",
        message: `The telephone provider did not ring your phone: ${outcome.words} Check the number in your account.`,
      };
    default:
      return unreachable(outcome);
  }
}

const OBSTACLES: Record<Obstacle, { status: number; code: string; message: string }> = {
  "not-found": {
    status: 404,
    code: "callback_not_found",
    message: "There is no such callback. Reload the list.",
  },
  over: { status: 409, code: "callback_over", message: "This callback is over already. Reload the list." },
  "in-progress": {
    status: 409,
    code: "callback_in_progress",
    message: "The customer is being called right now. Reload the list.",
  },
  "customer-on-the-line": {
    status: 409,
    code: "customer_on_the_line",
    message: "The customer is on the phone with us right now. Take the call from the queue.",
  },
  "outside-hours": {
    status: 409,
    code: "outside_hours",
    message: "Customers of this queue may not be called at this hour. Try again within its hours.",
  },
};

interface WaitingRow {
  kind: "call" | "callback";
  id: string;
  queue: string;
  phone: string | null;
  enqueuedAt: Instant;
  place: number;
  deflection: string | null;
}

interface EventRow {
  seq: number;
  at: Instant;
  kind: string;
  operatorId: string | null;
  conversationId: string | null;
  data: unknown;
}

const WAITING = `
  select kind, id, queue, phone, "enqueuedAt", deflection, row_number() over (partition by queue order by "enqueuedAt", id) as place
  from (
    select 'call' as kind, c.id, c.queue, c.phone, c.enqueued_at as "enqueuedAt", d.at as deflection
    from call c left join deflection d on d.tenant = c.tenant and d.call_id = c.id where c.tenant = $1 and c.status = 'waiting'
    union all
    select 'callback', id, queue, phone, enqueued_at, null from callback
    where tenant = $1 and status in ('waiting', 'operator-ringing')
  ) as line
  order by queue, place limit 500`;

const CALL = `
  select c.id, c.queue, c.locale, c.phone, c.caller_kind as "callerKind", c.status, c.arrived_at as "arrivedAt",
    c.enqueued_at as "enqueuedAt", c.connected_at as "connectedAt", c.ended_at as "endedAt", c.end_reason as "endReason",
    c.operator_id as "operatorId", d.state as deflection, d.conversation_id as "conversationId"
  from call c left join deflection d on d.tenant = c.tenant and d.call_id = c.id where c.tenant = $1 and c.id = $2`;

const EVENTS = `
  select seq, at, kind, operator_id as "operatorId", conversation_id as "conversationId", data
  from event where tenant = $1 and call_id = $2 order by seq limit 1000`;
