import { sendProblem } from "#http";
import { unreachable, type Clock, type ConversationId } from "#kit";
import type { Queries } from "#db";
import type { Staff } from "#staff";
import type { FastifyPluginAsync, FastifyReply } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Conduct } from "../conduct.ts";
import type { OperatorActions, Transferred } from "../operator-actions.ts";
import { listConversations, readConversation } from "../view-store.ts";
import {
  closeSchema,
  linkSchema,
  listSchema,
  markReadSchema,
  noteSchema,
  readSchema,
  replySchema,
  takeNextSchema,
  transferSchema,
} from "./schemas.ts";

interface Deps {
  front: Queries;
  clock: Clock;
  staff: Pick<Staff, "operatorOf">;
  conduct: Conduct;
  actions: OperatorActions;
}

/** What operators may do with conversations. Everything here needs a signed-in operator: the caller guards it. */
export const conversationRoutes = ({ front, clock, staff, conduct, actions }: Deps): FastifyPluginAsync => {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();

    app.get("/conversations", { schema: listSchema }, async (request) => ({
      conversations: await listConversations(front, request.query.view, staff.operatorOf(request).id),
    }));

    app.get("/conversations/:id", { schema: readSchema }, async (request, reply) => {
      const found = await readConversation(front, idOf(request), clock.now(), conduct.abilities);
      if (!found) return notFound(reply);
      const { messages, ...conversation } = found;
      return { conversation, messages };
    });

    app.post("/conversations/:id/messages", { schema: replySchema }, async (request, reply) => {
      const outcome = await actions.reply(staff.operatorOf(request), idOf(request), request.body);
      switch (outcome.kind) {
        case "queued":
          return reply.code(202).send({ messageId: outcome.messageId });
        case "window-closed":
          return sendProblem(reply, 409, WINDOW_CLOSED);
        case "blocked":
          return sendProblem(reply, 409, BLOCKED);
        case "not-found":
        case "closed":
        case "owned-by-other":
          return answer(reply, outcome);
        default:
          return unreachable(outcome);
      }
    });

    app.post("/conversations/:id/notes", { schema: noteSchema }, async (request, reply) =>
      answer(reply, await actions.note(staff.operatorOf(request), idOf(request), request.body)),
    );

    app.post("/conversations/:id/read", { schema: markReadSchema }, async (request, reply) =>
      (await actions.read(staff.operatorOf(request), idOf(request))) ? reply.code(204).send() : notFound(reply),
    );

    app.post("/conversations/:id/transfer", { schema: transferSchema }, async (request, reply) => {
      const { to, note } = request.body;
      return answer(reply, await actions.transfer(staff.operatorOf(request), idOf(request), to, note ?? null));
    });

    app.post("/conversations/:id/close", { schema: closeSchema }, async (request, reply) =>
      answer(reply, await actions.close(staff.operatorOf(request), idOf(request), request.body?.outcome ?? null)),
    );

    app.post("/conversations/:id/links", { schema: linkSchema }, async (request, reply) => {
      const outcome = await actions.link(idOf(request), request.body.channel);
      switch (outcome.kind) {
        case "made":
          return reply.code(201).send({ url: outcome.url, expiresAt: new Date(outcome.expiresAt).toISOString() });
        case "no-link":
          return sendProblem(reply, 409, NO_LINK);
        case "not-found":
          return notFound(reply);
        default:
          return unreachable(outcome);
      }
    });

    app.post("/conversations/take-next", { schema: takeNextSchema }, async (request, reply) => {
      const conversationId = await actions.takeNext(staff.operatorOf(request));
      return conversationId === null ? reply.code(204).send() : reply.send({ conversationId });
    });
  };
};

const idOf = ({ params }: { params: { id: string } }) => params.id.toLowerCase() as ConversationId;

const notFound = (reply: FastifyReply) =>
  sendProblem(reply, 404, {
    code: "conversation_not_found",
    message: "There is no such conversation. Reload the list.",
  });

const WINDOW_CLOSED = {
  code: "window_closed",
  message: "The customer has not written for too long, so free text may not be sent. Wait until the customer writes.",
};

const BLOCKED = {
  code: "customer_blocked",
  message: "The customer has blocked us in this messenger. Call, or wait until they write again.",
};

const NO_LINK = {
  code: "link_unavailable",
  message: "No link can be made into this messenger now. Check that it is connected and works.",
};

function answer(reply: FastifyReply, outcome: Transferred): FastifyReply {
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
