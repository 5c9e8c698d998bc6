import type { Queries } from "#db";
import type { CallFacts } from "./core/facts.ts";
import type { Period } from "./period.ts";

/** What the event log tells about each eligible call of the period. */
export const loadFacts = (db: Queries, { from, to, queue }: Period): Promise<CallFacts[]> =>
  db.query<CallFacts>(FACTS, [db.tenant, new Date(from), new Date(to), queue]);

/**
 * Counted from the event log; `call` and `conversation` only tell which calls and chats are one person's, for
 * telephone numbers never enter the log. Order is by `seq`: two entries may have one time. `offset 0` keeps the look at
 * one person a look into an index: joined as wholes, two tables without statistics are read once for each call.
 */
const FACTS = `
  with eligible as (
    select call_id, min(seq) as seq, min(at) as at
    from event
    where tenant = $1 and kind = 'offer.decided' and call_id is not null and (data->>'eligible')::boolean
      and ($4::text is null or data->>'queue' = $4)
    group by call_id
    having min(at) >= $2 and min(at) < $3
  ),
  told as (
    select e.call_id, eligible.at as eligible_at,
      bool_or(e.kind = 'offer.decided' and (e.data->>'heldOut')::boolean) as held_out,
      bool_or(e.kind = 'offer.made') as offered,
      (array_agg(e.data->>'answer' order by e.seq desc) filter (where e.kind = 'offer.answered'))[1] as answer,
      bool_or(e.kind = 'deflection.accepted' and coalesce(e.data->>'mode', 'move') = 'move') as accepted,
      (array_agg(e.data->>'reach' order by e.seq desc) filter (where e.kind = 'reach.known'))[1] as reach,
      bool_or(e.kind in ('invite.sending', 'invite.accepted')) as tried,
      min(e.seq) filter (where e.kind in ('invite.sent', 'invite.delivered', 'invite.read')) as sent_seq,
      min(e.seq) filter (where e.kind in ('invite.delivered', 'invite.read')) as delivered_seq,
      max(e.seq) filter (where e.kind = 'invite.failed') as failed_seq,
      min(e.seq) filter (where e.kind = 'deflection.committed') as committed_seq,
      min(e.at) filter (where e.kind = 'deflection.committed') as committed_at,
      bool_or(e.kind = 'deflection.caller-left') as caller_left,
      (array_agg(e.data->>'because' order by e.seq desc) filter (where e.kind = 'deflection.kept'))[1] as kept_because,
      (array_agg(e.data->>'because' order by e.seq desc) filter (where e.kind = 'deflection.owed'))[1] as owed_because,
      bool_or(e.kind = 'callback.asked') as asked_callback,
      (array_agg(e.conversation_id order by e.seq) filter (where e.kind = 'chat.engaged'))[1] as conversation_id,
      min(e.at) filter (where e.kind = 'chat.engaged') as engaged_at,
      min(e.seq) filter (where e.kind = 'chat.engaged') as engaged_seq
    from eligible join event e on e.tenant = $1 and e.call_id = eligible.call_id
    group by e.call_id, eligible.at
  ),
  chatted as (
    select told.*, chat.closed_at,
      exists (
        select 1 from event e
        where e.tenant = $1 and e.conversation_id = told.conversation_id and e.seq > told.engaged_seq
          and e.kind in ('chat.handed-over', 'chat.assigned', 'chat.operator-replied')
          and (chat.closed_seq is null or e.seq < chat.closed_seq)
      ) as handed_over
    from told left join lateral (
      select seq as closed_seq, at as closed_at from event e
      where e.tenant = $1 and e.conversation_id = told.conversation_id and e.seq > told.engaged_seq and e.kind = 'chat.closed'
      order by seq limit 1
    ) as chat on true
  )
  select eligible_at as "eligibleAt", held_out as "heldOut", offered, answer, accepted, reach, tried, sent_seq as "sentSeq",
    delivered_seq as "deliveredSeq", failed_seq as "failedSeq", committed_seq as "committedSeq",
    committed_at as "committedAt", caller_left as "callerLeft", kept_because as "keptBecause",
    owed_because as "owedBecause", asked_callback as "askedCallback", engaged_at as "engagedAt",
    closed_at as "closedAt", handed_over as "handedOver",
    least(talked.here, again.talked) as "voiceAt", again.after_commit as "calledAfterCommitAt", again.after_close as "calledAfterCloseAt",
    wrote.after_close as "wroteAfterCloseAt"
  from chatted
  cross join lateral (
    select min(at) as here from event where tenant = $1 and call_id = chatted.call_id
      and kind in ('call.connected', 'callback.connected')
  ) as talked
  cross join lateral (
    select min(e.at) filter (where e.kind = 'call.arrived' and e.at > chatted.committed_at) as after_commit,
      min(e.at) filter (where e.kind = 'call.arrived' and e.at > chatted.committed_at and e.at > chatted.closed_at) as after_close,
      min(e.at) filter (where e.kind in ('call.connected', 'callback.connected') and e.at >= chatted.eligible_at) as talked
    from (select phone from call where tenant = $1 and id = chatted.call_id offset 0) as mine
    cross join lateral (
      select id from call where tenant = $1 and phone = mine.phone and id <> chatted.call_id offset 0) as other
    cross join lateral (
      select kind, at from event
      where tenant = $1 and call_id = other.id and kind in ('call.arrived', 'call.connected', 'callback.connected') offset 0) as e
  ) as again
  cross join lateral (
    select min(e.at) as after_close
    from (select contact_id from conversation where tenant = $1 and id = chatted.conversation_id offset 0) as mine
    cross join lateral (
      select id from conversation where tenant = $1 and contact_id = mine.contact_id and id <> chatted.conversation_id offset 0
    ) as other
    cross join lateral (
      select at from event
      where tenant = $1 and conversation_id = other.id and at > chatted.closed_at
        and kind in ('chat.engaged', 'chat.message-in', 'bot.answered', 'chat.handed-over') offset 0) as e
  ) as wrote`;
