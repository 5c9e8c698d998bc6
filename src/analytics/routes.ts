import { problem } from "#http";
import type { Queries } from "#db";
import type { Clock } from "#kit";
import type { FastifyPluginAsync } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { callbackReportRoutes } from "./callbacks.ts";
import { funnelOf } from "./core/funnel.ts";
import { periodFields, periodOf, sendWrongPeriod } from "./period.ts";
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

const funnelSchema = {
  tags: ["analytics"],
  summary: "How many callers were offered a messenger, and what became of them, counted from the event log",
  querystring: z.strictObject(periodFields),
  response: { 200: funnel.extend({ from: z.string(), to: z.string(), queue: z.string().nullable() }), 400: problem },
};

/** Counts of what the others recorded. The caller guards it. */
export const analyticsRoutes =
  ({ front, clock }: { front: Queries; clock: Clock }): FastifyPluginAsync =>
  async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    await app.register(storyRoutes(front));
    await app.register(callbackReportRoutes({ front, clock }));

    app.get("/funnel", { schema: funnelSchema }, async (request, reply) => {
      const period = periodOf(request.query, clock.now());
      if (!period) return sendWrongPeriod(reply);
      const facts = await loadFacts(front, period);
      return {
        from: new Date(period.from).toISOString(),
        to: new Date(period.to).toISOString(),
        queue: period.queue,
        ...funnelOf(facts, clock.now()),
      };
    });
  };
