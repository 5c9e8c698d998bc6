import type { Database } from "#db";
import { sendProblem } from "#http";
import { unreachable, type Clock, type ContactId } from "#kit";
import type { Staff } from "#staff";
import type { FastifyPluginAsync, FastifyReply } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { mergesOf, namesOf, personOf } from "../merge-store.ts";
import { mergeByHand, undo } from "../merges.ts";
import { contactSchema, mergeSchema, undoSchema } from "./contact-schemas.ts";

interface Deps {
  front: Database;
  clock: Clock;
  staff: Pick<Staff, "operatorOf">;
}

/** People and the names they go by. Everything here needs a signed-in operator: the caller guards it. */
export const contactRoutes = ({ front, clock, staff }: Deps): FastifyPluginAsync => {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();

    app.get("/contacts/:id", { schema: contactSchema }, async (request, reply) => {
      const person = await personOf(front, request.params.id);
      if (!person) return notFound(reply);
      const merges = (await mergesOf(front, person.id)).map(({ id, merged, because, at, undoneAt }) => ({
        id,
        merged,
        because,
        at: new Date(at).toISOString(),
        undone: undoneAt !== null,
      }));
      return { ...person, names: await namesOf(front, person.id), merges };
    });

    app.post("/contacts/:id/merge", { schema: mergeSchema }, async (request, reply) => {
      const [one, other] = [request.params.id, request.body.contactId];
      if (!(await personOf(front, one)) || !(await personOf(front, other))) return notFound(reply);
      const wish = { operatorId: staff.operatorOf(request).id, at: clock.now() };
      const mergeId = await front.tx((tx) =>
        mergeByHand(tx, { ...wish, one: one as ContactId, other: other as ContactId }),
      );
      return mergeId === null ? sendProblem(reply, 409, ALREADY_ONE) : { mergeId };
    });

    app.post("/contact-merges/:id/undo", { schema: undoSchema }, async (request, reply) => {
      const { id } = request.params;
      const outcome = await front.tx((tx) => undo(tx, id, staff.operatorOf(request).id, clock.now()));
      switch (outcome) {
        case "done":
          return reply.code(204).send(null);
        case "not-found":
          return sendProblem(reply, 404, {
            code: "merge_not_found",
            message: "There is no such merge. Reload the contact.",
          });
        case "undone-before":
          return sendProblem(reply, 409, {
            code: "merge_undone",
            message: "This merge was taken back before. Reload the contact.",
          });
        case "merged-further":
          return sendProblem(reply, 409, {
            code: "merged_further",
            message: "This person was merged again since. Take the newer merge back first.",
          });
        default:
          return unreachable(outcome);
      }
    });
  };
};

const ALREADY_ONE = {
  code: "already_one",
  message: "These are one person already. Reload the contact.",
};

const notFound = (reply: FastifyReply) =>
  sendProblem(reply, 404, { code: "contact_not_found", message: "There is no such contact. Reload the list." });
