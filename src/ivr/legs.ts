import type { Tx } from "#db";
import { timeOfId, type CallId, type Instant, type OperatorId } from "#kit";

/**
 * An operator's own line is kept in `presence.leg` as `<reference>` while it rings and `<reference>/<provider's id>`
 * once the provider named it.
 */

/** Who answered on this line now talks to this caller. Null when the line is nobody's we know. */
export async function takeOperator(tx: Tx, operatorCall: string, callId: CallId): Promise<OperatorId | null> {
  const [row] = await tx.query<{ id: OperatorId }>(TAKE, [tx.tenant, operatorCall, callId]);
  return row?.id ?? null;
}

/** The conversation is over: its operator may take the next. */
export async function freeOperator(tx: Tx, callId: CallId): Promise<void> {
  await tx.query(FREE, [tx.tenant, callId]);
}

/** When the line was asked for, as its reference (a UUIDv7) tells. */
export const legBegan = (leg: string): Instant => timeOfId(leg);

const TAKE = `
  update presence set call_id = $3
  where tenant = $1 and operator_id = (
    select operator_id from presence
    where tenant = $1 and leg is not null
      and (split_part(leg, '/', 1) = $2 or split_part(leg, '/', 2) = $2 or (strpos(leg, '/') = 0 and call_id is null))
    order by split_part(leg, '/', 1) = $2 or split_part(leg, '/', 2) = $2 desc
    limit 1 for update)
  returning operator_id as id`;

const FREE = `update presence set call_id = null, leg = null where tenant = $1 and call_id = $2`;
