import { sendProblem } from "#http";
import { unreachable } from "#kit";
import type { FastifyReply } from "fastify";
import type { Replied, Transferred } from "../operator-actions.ts";

/** There is no conversation with this id. */
export const notFound = (reply: FastifyReply) =>
  sendProblem(reply, 404, {
    code: "conversation_not_found",
    message: "There is no such conversation. Reload the list.",
  });

/** A file that is not there, or not any more. */
export const fileNotHere = (reply: FastifyReply) =>
  sendProblem(reply, 404, {
    code: "file_not_found",
    message: "This file is not here. The conversation says why.",
  });

/** No link leads into this messenger. */
export const noLink = (reply: FastifyReply) =>
  sendProblem(reply, 409, {
    code: "link_unavailable",
    message: "No link can be made into this messenger now. Check that it is connected and works.",
  });

/** Answers that something was queued for the customer, or why it was not. */
export function answerReplied(reply: FastifyReply, outcome: Replied): FastifyReply {
  switch (outcome.kind) {
    case "queued":
      return reply.code(202).send({ messageId: outcome.messageId });
    case "window-closed":
      return sendProblem(reply, 409, {
        code: "window_closed",
        message:
          "The customer has not written for too long, so free text may not be sent. Wait until the customer writes.",
      });
    case "blocked":
      return sendProblem(reply, 409, {
        code: "customer_blocked",
        message: "The customer has blocked us in this messenger. Call, or wait until they write again.",
      });
    case "not-found":
    case "closed":
    case "owned-by-other":
      return answerDone(reply, outcome);
    default:
      return unreachable(outcome);
  }
}

/** Answers what was done, or why it was not. */
export function answerDone(reply: FastifyReply, outcome: Transferred): FastifyReply {
  switch (outcome.kind) {
    case "done":
      return reply.code(204).send();
    case "not-found":
      return notFound(reply);
    case "closed":
      return sendProblem(reply, 409, {
        code: "conversation_closed",
        message: "This conversation is closed. A new one opens when the customer writes again.",
      });
    case "owned-by-other":
      return sendProblem(reply, 409, {
        code: "owned_by_other",
        message: "A colleague has this conversation. Ask them to transfer it, or a supervisor to step in.",
      });
    case "no-such-operator":
      return sendProblem(reply, 422, {
        code: "operator_not_found",
        field: "to",
        message: "There is no such colleague. Choose another.",
      });
    default:
      return unreachable(outcome);
  }
}
