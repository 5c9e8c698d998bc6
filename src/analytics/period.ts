import { sendProblem } from "#http";
import { days, earlier, instant, later, millis, type Instant } from "#kit";
import type { FastifyReply } from "fastify";
import { z } from "zod";

/** Which calls are counted: those that first came up in [from, to). */
export interface Period {
  from: Instant;
  to: Instant;
  queue: string | null;
}

const moment = z.iso.datetime({ offset: true, error: "must be a time such as 2026-11-21T00:00:00Z" });

/** How a period is asked for. */
export const periodFields = {
  from: moment.optional().describe("First moment; 24 hours before `to` when absent."),
  to: moment.optional().describe("First moment after the period; now when absent."),
  queue: z.string().max(100).optional().describe("One queue's code; all queues when absent."),
};

const LONGEST = days(92);

/** The period that was asked for; null when it cannot be one. */
export function periodOf(
  { from, to, queue }: { [name in keyof typeof periodFields]?: string | undefined },
  now: Instant,
): Period | null {
  const end = to === undefined ? later(now, millis(1)) : instant(Date.parse(to));
  const start = from === undefined ? earlier(end, days(1)) : instant(Date.parse(from));
  return start >= end || end - start > LONGEST ? null : { from: start, to: end, queue: queue ?? null };
}

/** Says what a period must be. */
export const sendWrongPeriod = (reply: FastifyReply): FastifyReply =>
  sendProblem(reply, 400, {
    code: "invalid_period",
    field: "from",
    message: "The period must begin before it ends and last at most 92 days.",
  });
