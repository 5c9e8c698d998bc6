import type { Queries } from "#db";
import { problem, sendProblem } from "#http";
import type { FastifyPluginAsync } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";

const json = z.record(z.string(), z.unknown());

const storySchema = {
  tags: ["analytics"],
  summary: "Everything that was recorded about one call and the conversation that came from it",
  params: z.object({
    providerCall: z.string().max(64).describe("The telephone provider's id of the call, such as a CallSid."),
  }),
  response: {
    200: z.object({
      callId: z.uuid(),
      conversationId: z.uuid().nullable(),
      events: z.array(z.object({ seq: z.number().int(), at: z.iso.datetime(), kind: z.string(), data: json })),
      rows: z.array(z.object({ table: z.string(), rows: z.array(json) })),
    }),
    404: problem,
  },
};

interface Found {
  id: string;
  conversation_id: string | null;
}

/** One person's way from the call to the chat, as the tables hold it. The caller guards it. */
export const storyRoutes =
  (front: Queries): FastifyPluginAsync =>
  async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();

    app.get("/stories/:providerCall", { schema: storySchema }, async (request, reply) => {
      const [call] = await front.query<Found>(CALL, [front.tenant, request.params.providerCall]);
      if (!call)
        return sendProblem(reply, 404, {
          code: "call_not_found",
          message: "No call with this id was ever recorded here.",
        });
      const keys = [front.tenant, call.id, call.conversation_id];
      const events = await front.query<{ seq: number; at: number; kind: string; data: Record<string, unknown> }>(
        EVENTS,
        keys,
      );
      const rows = await Promise.all(
        Object.entries(TABLES).map(async ([table, sql]) => ({
          table,
          rows: (await front.query<{ row: Record<string, unknown> }>(sql, keys)).map(({ row }) => row),
        })),
      );
      return {
        callId: call.id,
        conversationId: call.conversation_id,
        events: events.map((event) => ({ ...event, at: new Date(event.at).toISOString() })),
        rows: rows.filter((table) => table.rows.length > 0),
      };
    });
  };

/** Of several chats that came from one call, the one that was used last. */
const CALL = `
  select call.id, coalesce(conversation.id, deflection.conversation_id) as conversation_id
  from call
  left join deflection on deflection.tenant = call.tenant and deflection.call_id = call.id
  left join conversation on conversation.tenant = call.tenant and conversation.call_id = call.id
  where call.tenant = $1 and call.provider_call = $2
  order by conversation.last_message_at desc nulls last limit 1`;

const EVENTS = `
  select seq, at, kind, data from event
  where tenant = $1 and (call_id = $2 or conversation_id = $3) order by seq limit 1000`;

/** The rows as they are, without the internals of queues and machines. */
const TABLES = {
  call: `select to_jsonb(call) - '{tenant,turn,turn_document}'::text[] as row from call where tenant = $1 and id = $2 and $3::uuid is distinct from id`,
  deflection: `select to_jsonb(deflection) - '{tenant,token}'::text[] as row from deflection where tenant = $1 and call_id = $2 and $3::uuid is distinct from call_id`,
  callback: `select to_jsonb(callback) - '{tenant}'::text[] as row from callback where tenant = $1 and (call_id = $2 or conversation_id = $3)`,
  conversation: `select to_jsonb(conversation) - '{tenant}'::text[] as row from conversation where tenant = $1 and (call_id = $2 or id = $3)`,
  message: `select to_jsonb(message) - '{tenant,claimed_by,claimed_at,client_id}'::text[] as row from message where tenant = $1 and $2::uuid is not null and conversation_id = $3 order by id`,
  rating: `select to_jsonb(rating) - '{tenant}'::text[] as row from rating where tenant = $1 and $2::uuid is not null and conversation_id = $3`,
};
