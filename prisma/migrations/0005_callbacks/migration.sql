-- Callbacks are dialled. The previous release goes on: it adds and counts rows that wait and leaves all others alone. A
-- row without a state is one that nobody has touched since it was asked for, so those it adds are dialled too.

alter table callback
  -- Where it is, as the machine in src/outbound/core/callback.ts knows it; `status` repeats its `at`.
  add column state jsonb,
  add column due_at timestamptz,
  -- The operator's line that serves it, or served it last.
  add column leg text,
  add column operator_id uuid,
  -- What the customer was told about the time, and until when.
  add column promise jsonb,
  add column promised_at timestamptz,
  -- Why somebody dismissed it.
  add column note text,
  add column ended_at timestamptz;

-- Whoever was to be called twice keeps the earlier place.
update callback set status = 'cancelled'
from (
  select tenant, id, row_number() over (partition by tenant, queue, phone order by enqueued_at, id) as nth
  from callback where status = 'waiting'
) as doubled
where doubled.nth > 1 and callback.tenant = doubled.tenant and callback.id = doubled.id;

create unique index callback_one_open on callback (tenant, queue, phone)
  where status in ('waiting', 'retry', 'operator-ringing', 'dialling', 'talking');
-- Never two calls at once for one number, whatever its queues.
create unique index callback_one_at_once on callback (tenant, phone)
  where status in ('operator-ringing', 'dialling', 'talking');
create index callback_in_line on callback (tenant, queue, enqueued_at) where status in ('waiting', 'operator-ringing');
create index callback_due on callback (tenant, due_at) where due_at is not null;
create index callback_leg on callback (tenant, leg) where leg is not null;
drop index callback_one_a_call;
drop index callback_waiting;

-- Before this an operator's phone is not rung without being asked.
alter table presence add column rest_until timestamptz;

create index event_callback on event (tenant, at) where kind like 'callback.%';
