import { unreachable, type Clock, type ConversationId } from "#kit";
import type { Queries } from "#db";
import type { Staff } from "#staff";
import type { FastifyPluginAsync } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Attachments } from "../attachments.ts";
import type { Conduct } from "../conduct.ts";
import type { OperatorActions } from "../operator-actions.ts";
import { listConversations, readConversation } from "../view-store.ts";
import { answerDone, answerReplied, notFound, noLink } from "./refusals.ts";
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
  attachments: Pick<Attachments, "limits">;
}

/** What operators may do with conversations. Everything here needs a signed-in operator: the caller guards it. */
export const conversationRoutes = ({
  front,
  clock,
  staff,
  conduct,
  actions,
  attachments,
}: Deps): FastifyPluginAsync => {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();

    app.get("/conversations", { schema: listSchema }, async (request) => ({
      conversations: await listConversations(front, request.query.view, staff.operatorOf(request).id),
    }));

    app.get("/conversations/:id", { schema: readSchema }, async (request, reply) => {
      const found = await readConversation(front, idOf(request), clock.now(), conduct.abilities);
      if (!found) return notFound(reply);
      const { messages, ...conversation } = found;
      return { conversation: { ...conversation, attach: attachments.limits(conversation.channel) }, messages };
    });

    app.post("/conversations/:id/messages", { schema: replySchema }, async (request, reply) => {
      const outcome = await actions.reply(staff.operatorOf(request), idOf(request), request.body);
      return answerReplied(reply, outcome);
    });

    app.post("/conversations/:id/notes", { schema: noteSchema }, async (request, reply) =>
      answerDone(reply, await actions.note(staff.operatorOf(request), idOf(request), request.body)),
    );

    app.post("/conversations/:id/read", { schema: markReadSchema }, async (request, reply) =>
      (await actions.read(staff.operatorOf(request), idOf(request))) ? reply.code(204).send() : notFound(reply),
    );

    app.post("/conversations/:id/transfer", { schema: transferSchema }, async (request, reply) => {
      const { to, note } = request.body;
      return answerDone(reply, await actions.transfer(staff.operatorOf(request), idOf(request), to, note ?? null));
    });

    app.post("/conversations/:id/close", { schema: closeSchema }, async (request, reply) =>
      answerDone(reply, await actions.close(staff.operatorOf(request), idOf(request), request.body?.outcome ?? null)),
    );

    app.post("/conversations/:id/links", { schema: linkSchema }, async (request, reply) => {
      const outcome = await actions.link(idOf(request), request.body.channel);
      switch (outcome.kind) {
        case "made":
          return reply.code(201).send({ url: outcome.url, expiresAt: new Date(outcome.expiresAt).toISOString() });
        case "no-link":
          return noLink(reply);
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
