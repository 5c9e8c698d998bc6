import type { ConversationId, MessageId } from "#kit";
import type { Queries, Tx } from "#db";

/** The reply that was already sent with this id of the browser's. */
export async function existingReply(queries: Queries, id: ConversationId, clientId: string): Promise<MessageId | null> {
  const [row] = await queries.query<{ id: MessageId }>(
    "select id from message where tenant = $1 and conversation_id = $2 and client_id = $3",
    [queries.tenant, id, clientId],
  );
  return row?.id ?? null;
}

/** Whether such a colleague works here. */
export async function isOperator(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx.query("select 1 from operator where tenant = $1 and id = $2 and disabled_at is null", [
    tx.tenant,
    id,
  ]);
  return rows.length > 0;
}

/** The conversation that waits longest and nobody else is taking now. */
export async function oldestInQueue(tx: Tx): Promise<ConversationId | null> {
  const [row] = await tx.query<{ id: ConversationId }>(
    `select id from conversation where tenant = $1 and owner = 'queue' and closed_at is null
     order by queued_at, id limit 1 for update skip locked`,
    [tx.tenant],
  );
  return row?.id ?? null;
}

/** Sets the unread count to nothing; false when there is no such conversation. */
export async function markRead(queries: Queries, id: ConversationId): Promise<boolean> {
  const rows = await queries.query("update conversation set unread = 0 where tenant = $1 and id = $2 returning id", [
    queries.tenant,
    id,
  ]);
  return rows.length > 0;
}

/** The customer's newest message, to mark it as read at the provider. */
export async function lastFromCustomer(
  queries: Queries,
  id: ConversationId,
): Promise<{ channel: string; account: string; providerId: string } | null> {
  const [row] = await queries.query<{ channel: string; account: string; providerId: string }>(
    `select channel, account, provider_id as "providerId" from message
     where tenant = $1 and conversation_id = $2 and author = 'customer' and provider_id is not null order by id desc limit 1`,
    [queries.tenant, id],
  );
  return row ?? null;
}
