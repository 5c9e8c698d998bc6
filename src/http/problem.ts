import type { FastifyReply } from "fastify";
import { z } from "zod";

/** What a caller of the API gets when something cannot be done. */
export const problem = z.object({
  code: z.string().describe("Stable: programs decide by it."),
  message: z.string().describe("A sentence that says what happened and what to do."),
  field: z.string().optional().describe("The field that is wrong, when it is one."),
  requestId: z.string().optional().describe("Finds the request in the logs."),
});

type ProblemBody = z.infer<typeof problem>;

/** Answers with a problem. */
export const sendProblem = (reply: FastifyReply, status: number, body: ProblemBody): FastifyReply =>
  reply.code(status).type("application/json; charset=utf-8").send(body);
