import { recordEvents, type Tx } from "#db";
import { newId, type Clock } from "#kit";
import type { CallbackWish } from "./caller.ts";

/** Keeps a place in the queue without a live call. A call that already has one keeps that. True when it is new. */
export async function oweCallback(tx: Tx, clock: Clock, wish: CallbackWish): Promise<boolean> {
  const now = clock.now();
  const values = [
    tx.tenant,
    newId(now),
    wish.callId,
    wish.contactId,
    wish.queue,
    wish.phone,
    wish.reason,
    new Date(wish.enqueuedAt),
    new Date(now),
  ];
  return (await tx.query(INSERT, values)).length > 0;
}

/** As `oweCallback`, for a customer who asked for it: told in the log as the customer's wish. */
export async function askCallback(tx: Tx, clock: Clock, wish: CallbackWish): Promise<boolean> {
  const isNew = await oweCallback(tx, clock, wish);
  if (isNew)
    await recordEvents(tx, [
      {
        at: clock.now(),
        kind: "callback.asked",
        callId: wish.callId,
        contactId: wish.contactId,
        data: { reason: wish.reason, queue: wish.queue, enqueuedAt: wish.enqueuedAt },
      },
    ]);
  return isNew;
}

/** Whoever is already to be called back keeps one callback, at the earlier of the two places. */
const INSERT = `
  with kept as (
    update callback set enqueued_at = least(enqueued_at, $8)
    where tenant = $1 and queue = $5 and phone = $6 and status = 'waiting' returning id
  )
  insert into callback (tenant, id, call_id, contact_id, queue, phone, reason, enqueued_at, created_at)
  select $1, $2, $3, $4, $5, $6, $7, $8, $9 where not exists (select 1 from kept)
  on conflict do nothing
  returning id`;
