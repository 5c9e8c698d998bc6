import type { Queries } from "#db";
import { problem } from "#http";
import type { Clock } from "#kit";
import type { FastifyPluginAsync } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { reportOf, type CallbackFacts } from "./core/promises.ts";
import { periodFields, periodOf, sendWrongPeriod, type Period } from "./period.ts";

const count = z.number().int();

const schema = {
  tags: ["analytics"],
  summary: "Callbacks asked for and owed, how they ended, and how many promised times were kept",
  querystring: z.strictObject(periodFields),
  response: {
    200: z.object({
      from: z.string(),
      to: z.string(),
      queue: z.string().nullable(),
      callbacks: count,
      asked: count,
      owed: count,
      connected: count,
      not_reached: count,
      cancelled: count,
      open: count,
      promised: count,
      promises: z.object({ kept: count, announced_again: count, missed: count, called_off: count, open: count }),
    }),
    400: problem,
  },
};

/** What became of callbacks and of the times that were promised. The caller guards it. */
export const callbackReportRoutes =
  ({ front, clock }: { front: Queries; clock: Clock }): FastifyPluginAsync =>
  async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    app.get("/callbacks/report", { schema }, async (request, reply) => {
      const period = periodOf(request.query, clock.now());
      if (!period) return sendWrongPeriod(reply);
      const facts = await loadFacts(front, period);
      return {
        from: new Date(period.from).toISOString(),
        to: new Date(period.to).toISOString(),
        queue: period.queue,
        ...reportOf(facts, clock.now()),
      };
    });
  };

const loadFacts = (db: Queries, { from, to, queue }: Period): Promise<CallbackFacts[]> =>
  db.query<CallbackFacts>(FACTS, [db.tenant, new Date(from), new Date(to), queue]);

/** Counted from the event log, like everything here. Times in its data are milliseconds since 1970. */
const FACTS = `
  with begun as (
    select data ->> 'callback' as id, min(at) as at
    from event
    where tenant = $1 and kind like 'callback.%' and kind in ('callback.asked', 'callback.owed') and at >= $2 and at < $3
      and ($4::text is null or data ->> 'queue' = $4)
    group by data ->> 'callback'
  )
  select bool_or(e.kind = 'callback.asked') as asked,
    to_timestamp(min((e.data ->> 'promisedAt')::float8) filter (where e.kind = 'callback.asked') / 1000) as "promisedAt",
    to_timestamp((array_agg((e.data ->> 'next')::float8 order by e.seq desc)
      filter (where e.kind = 'callback.promise-slipped'))[1] / 1000) as "nextAt",
    coalesce(bool_and(e.data ->> 'told' = 'chat') filter (where e.kind = 'callback.promise-slipped'), true) as "toldOfSlips",
    count(*) filter (where e.kind = 'callback.promise-slipped') as slips,
    min(e.at) filter (where e.kind = 'callback.dialled') as "rangAt",
    bool_or(e.kind = 'callback.connected') as connected,
    (array_agg(split_part(e.kind, '.', 2)) filter (
      where e.kind in ('callback.done', 'callback.not-reached', 'callback.cancelled')))[1] as end
  from begun join event e on e.tenant = $1 and e.kind like 'callback.%' and e.at >= $2 and e.data ->> 'callback' = begun.id
  group by begun.id`;
