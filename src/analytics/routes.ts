import { problem, sendProblem } from "#http";
import type { Queries } from "#db";
import { days, earlier, instant, later, millis, type Clock } from "#kit";
import type { FastifyPluginAsync } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { funnelOf } from "./core/funnel.ts";
import { loadFacts } from "./sql.ts";
import { storyRoutes } from "./story.ts";

const count = z.number().int();
const counts = z.record(z.string(), count);

const group = z.object({ calls: count, handled_by_voice: count });

const netVoiceReduction = z
  .object({
    treated: group,
    held_out: group,
    not_counted_yet: count.describe("Calls of the last 24 hours: their callers may still call again."),
    value: z.number().nullable(),
    low: z.number().nullable(),
    high: z.number().nullable(),
    reason: z.string().nullable().describe("Why there is no value."),
  })
  .describe(
    "1 − (share handled by voice among treated / share among held out), with a 95 % interval (Koopman's score interval).",
  );

const funnel = z.object({
  eligible: count,
  held_out: count,
  offered: count,
  accepted: count,
  reachable: count,
  sent: count,
  delivered: count,
  committed: count,
  engaged: count,
  contained: count,
  resolved: count.nullable(),
  resolved_reason: z.string().nullable(),
  refused: count,
  silent: count,
  rolled_back: counts,
  returned_to_voice: count,
  wrong_hang_ups: count,
  leaks: count,
  net_voice_reduction: netVoiceReduction,
  left: z.object({
    eligible: counts,
    offered: counts,
    accepted: counts,
    reachable: counts,
    sent: counts,
    delivered: counts,
    committed: counts,
    engaged: counts,
  }),
});

const moment = z.iso.datetime({ offset: true, error: "must be a time such as 2026-11-21T00:00:00Z" });

const funnelSchema = {
  tags: ["analytics"],
  summary: "How many callers were offered a messenger, and what became of them, counted from the event log",
  querystring: z.strictObject({
    from: moment.optional().describe("First moment; 24 hours before `to` when absent."),
    to: moment.optional().describe("First moment after the period; now when absent."),
    queue: z.string().max(100).optional().describe("One queue's code; all queues when absent."),
  }),
  response: { 200: funnel.extend({ from: z.string(), to: z.string(), queue: z.string().nullable() }), 400: problem },
};

const LONGEST = days(92);

/** Counts of what the others recorded. The caller guards it. */
export const analyticsRoutes =
  ({ front, clock }: { front: Queries; clock: Clock }): FastifyPluginAsync =>
  async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    await app.register(storyRoutes(front));

    app.get("/funnel", { schema: funnelSchema }, async (request, reply) => {
      const { from, to, queue = null } = request.query;
      const end = to === undefined ? later(clock.now(), millis(1)) : instant(Date.parse(to));
      const start = from === undefined ? earlier(end, days(1)) : instant(Date.parse(from));
      if (start >= end || end - start > LONGEST)
        return sendProblem(reply, 400, {
          code: "invalid_period",
          field: "from",
          message: "The period must begin before it ends and last at most 92 days.",
        });
      const facts = await loadFacts(front, { from: start, to: end, queue });
      return {
        from: new Date(start).toISOString(),
        to: new Date(end).toISOString(),
        queue,
        ...funnelOf(facts, clock.now()),
      };
    });
  };
