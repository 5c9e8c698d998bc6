-- Every hot table starts its keys with `tenant`: the distribution key beyond one PostgreSQL (docs/decisions/0003).
-- Times are timestamptz in UTC, telephone numbers E.164, ids UUIDv7 made by the application.

-- The event log: every decision with its inputs. `seq` orders live screens; a reader stops at the oldest running
-- transaction (`xid`), so that no late commit is skipped.
create table event (
  tenant text not null,
  -- Before `seq` on purpose: defaults are taken in this order, and whoever holds a number must have its transaction id.
  xid xid8 not null default pg_current_xact_id(),
  seq bigint generated always as identity,
  at timestamptz not null,
  kind text not null,
  call_id uuid,
  conversation_id uuid,
  contact_id uuid,
  operator_id uuid,
  data jsonb not null default '{}',
  primary key (tenant, seq)
);
create index event_call on event (tenant, call_id, seq) where call_id is not null;
create index event_conversation on event (tenant, conversation_id, seq) where conversation_id is not null;
-- Only what is looked for by its kind: an entry for every message of every chat would be paid for by all and used by none.
create index event_kind on event (tenant, kind, at) where kind in ('offer.decided', 'deflection.accepted');

-- People and the names they are known by on each channel ('phone', 'whatsapp-cloud', ...).
create table contact (
  tenant text not null,
  id uuid not null,
  name text,
  locale text not null,
  created_at timestamptz not null,
  primary key (tenant, id)
);
create table identity (
  tenant text not null,
  channel text not null,
  address text not null,
  contact_id uuid not null,
  seen_at timestamptz not null,
  primary key (tenant, channel, address)
);
create index identity_contact on identity (tenant, contact_id);

-- Append-only proof of what a person agreed to.
create table consent (
  tenant text not null,
  id uuid not null,
  contact_id uuid not null,
  purpose text not null,
  channel text not null,
  wording text not null,
  source text not null,
  proof jsonb not null,
  at timestamptz not null,
  primary key (tenant, id)
);
create index consent_contact on consent (tenant, contact_id);

-- What a hotline number leads to, and when its callers are offered a messenger.
create table queue (
  tenant text not null,
  code text not null,
  number text not null,
  locale text not null,
  name jsonb not null,
  rules jsonb not null,
  primary key (tenant, code),
  unique (tenant, number)
);
create table peak_mode (
  tenant text not null,
  queue text not null,
  state jsonb not null,
  primary key (tenant, queue)
);

create table call (
  tenant text not null,
  id uuid not null,
  provider_call text not null,
  queue text not null,
  locale text not null,
  -- The caller's own number; null while hidden or unusable.
  phone text,
  caller_kind text not null,
  contact_id uuid,
  status text not null,
  state jsonb not null,
  provider_queue text,
  provider_position int,
  arrived_at timestamptz not null,
  -- The place in the queue: set once, kept through every return.
  enqueued_at timestamptz,
  -- The provider's last word about it: a call that is silent too long is taken for over.
  heard_at timestamptz,
  connected_at timestamptz,
  ended_at timestamptz,
  end_reason text,
  operator_id uuid,
  status_sequence int not null default -1,
  -- The question being asked and what was answered to it: a repeated request hears the same document.
  turn text,
  turn_document jsonb,
  primary key (tenant, id),
  unique (tenant, provider_call)
);
create index call_waiting on call (tenant, queue, enqueued_at) where status = 'waiting';
-- Without heard_at, so that a waiting call costs no index entry each time it is heard of.
create index call_live on call (tenant, id) where status <> 'ended';
create index call_ended on call (tenant, queue, ended_at) where ended_at is not null;
create index call_phone on call (tenant, phone, arrived_at);

-- A place in the voice queue that is kept without a live call.
create table callback (
  tenant text not null,
  id uuid not null,
  call_id uuid,
  contact_id uuid,
  conversation_id uuid,
  queue text not null,
  phone text not null,
  reason text not null,
  enqueued_at timestamptz not null,
  created_at timestamptz not null,
  status text not null default 'waiting',
  primary key (tenant, id)
);
create unique index callback_one_a_call on callback (tenant, call_id) where status = 'waiting' and call_id is not null;
create index callback_waiting on callback (tenant, queue, enqueued_at) where status = 'waiting';

-- One offer to move one caller to a messenger.
create table deflection (
  tenant text not null,
  call_id uuid not null,
  state jsonb not null,
  at text not null,
  due_at timestamptz,
  channel text,
  phone text,
  token text,
  message_id uuid,
  conversation_id uuid,
  created_at timestamptz not null,
  primary key (tenant, call_id),
  unique (tenant, token)
);
create index deflection_due on deflection (tenant, due_at) where due_at is not null;
create index deflection_message on deflection (tenant, message_id) where message_id is not null;

-- What a number answered to earlier offers: limits per number are counted here.
create table offer_answer (
  tenant text not null,
  phone text not null,
  call_id uuid not null,
  answer text not null,
  at timestamptz not null,
  primary key (tenant, phone, call_id, answer)
);
create index offer_answer_recent on offer_answer (tenant, phone, at);

-- What receipts, errors and probes taught us about a number on a channel.
create table reach (
  tenant text not null,
  phone text not null,
  channel text not null,
  verdict text not null,
  source text not null,
  at timestamptz not null,
  primary key (tenant, phone, channel)
);

create table conversation (
  tenant text not null,
  id uuid not null,
  contact_id uuid not null,
  channel text not null,
  account text not null,
  address text not null,
  locale text not null,
  queue text not null,
  owner text not null,
  operator_id uuid,
  state jsonb not null,
  call_id uuid,
  opened_at timestamptz not null,
  closed_at timestamptz,
  -- The session window is counted from here.
  last_inbound_at timestamptz,
  first_unanswered_at timestamptz,
  queued_at timestamptz,
  last_message_at timestamptz,
  preview text not null default '',
  unread int not null default 0,
  due_at timestamptz,
  primary key (tenant, id)
);
create unique index conversation_one_open on conversation (tenant, contact_id, channel) where closed_at is null;
create index conversation_contact on conversation (tenant, contact_id, channel, opened_at desc);
create index conversation_due on conversation (tenant, due_at) where due_at is not null;
-- Without the bot's: they are nearly all there are, and each is written twice for every message.
create index conversation_owner on conversation (tenant, owner, queued_at) where closed_at is null and owner <> 'bot';
create index conversation_operator on conversation (tenant, operator_id) where closed_at is null and operator_id is not null;

-- What was said. Rows with status 'queued' are the outbox; the order within a conversation is `id`.
create table message (
  tenant text not null,
  id uuid not null,
  conversation_id uuid not null,
  author text not null,
  operator_id uuid,
  content jsonb not null,
  text text not null,
  purpose text,
  at timestamptz not null,
  provider_id text,
  reply_to text,
  client_id uuid,
  -- Outbound only.
  status text,
  channel text not null,
  account text not null,
  address text not null,
  send_at timestamptz,
  attempts int not null default 0,
  claimed_by uuid,
  claimed_at timestamptz,
  error jsonb,
  meta jsonb,
  primary key (tenant, id)
);
create unique index message_provider on message (tenant, channel, provider_id) where provider_id is not null;
create unique index message_client on message (tenant, conversation_id, client_id) where client_id is not null;
create index message_conversation on message (tenant, conversation_id, id);
create index message_outbox on message (tenant, channel, send_at, id) where status = 'queued';
create index message_in_flight on message (tenant, conversation_id, id) where status in ('queued', 'sending', 'unclear');
create index message_unsettled on message (tenant, claimed_at) where status in ('sending', 'unclear') and claimed_by is not null;
create index message_token on message (tenant, (meta ->> 'token')) where purpose = 'invite';

-- Processes that send: what a silent one was sending is settled by others.
create table node (
  tenant text not null,
  id uuid not null,
  seen_at timestamptz not null,
  primary key (tenant, id)
);

-- Pace of one sender towards everybody and towards one customer: GCRA theoretical arrival times.
create table send_pace (
  tenant text not null,
  key text not null,
  tat timestamptz not null,
  primary key (tenant, key)
);

-- What providers told us, stored before it is answered. Unprocessed rows are the inbound queue, ordered per lane.
create table inbox (
  tenant text not null,
  channel text not null,
  account text not null,
  dedupe text not null,
  id uuid not null,
  lane text not null,
  event jsonb not null,
  received_at timestamptz not null,
  processed_at timestamptz,
  attempts int not null default 0,
  error text,
  primary key (tenant, channel, account, dedupe)
);
create index inbox_pending on inbox (tenant, lane, id) where processed_at is null;
-- For tidying up by age only: costs nothing when a row is marked as processed.
create index inbox_received on inbox using brin (received_at);

create table rating (
  tenant text not null,
  conversation_id uuid not null,
  about text not null,
  operator_id uuid,
  asked_at timestamptz not null,
  score int,
  comment text,
  rated_at timestamptz,
  primary key (tenant, conversation_id)
);

create table template (
  tenant text not null,
  channel text not null,
  account text not null,
  name text not null,
  language text not null,
  status text not null,
  category text not null,
  body text not null,
  variables int not null,
  buttons jsonb not null default '[]',
  updated_at timestamptz not null,
  primary key (tenant, channel, account, name, language)
);

create table intent (
  tenant text not null,
  code text not null,
  action text,
  examples jsonb not null,
  answers jsonb not null,
  updated_at timestamptz not null,
  primary key (tenant, code)
);

create table operator (
  tenant text not null,
  id uuid not null,
  email text not null,
  name text not null,
  password_hash text not null,
  role text not null,
  locale text not null,
  capacity int not null default 4,
  languages text[] not null,
  phone text,
  disabled_at timestamptz,
  created_at timestamptz not null,
  primary key (tenant, id),
  unique (tenant, email)
);
create table session (
  tenant text not null,
  token_hash text not null,
  operator_id uuid not null,
  created_at timestamptz not null,
  seen_at timestamptz not null,
  primary key (tenant, token_hash)
);
create index session_operator on session (tenant, operator_id);
create table presence (
  tenant text not null,
  operator_id uuid not null,
  status text not null,
  reason text,
  since timestamptz not null,
  last_assigned_at timestamptz,
  -- The voice call this operator is on, if any: no chats are added meanwhile.
  call_id uuid,
  leg text,
  primary key (tenant, operator_id)
);

-- Waiting work of the messenger that is off for everybody, e.g. after its token expired.
create table alarm (
  tenant text not null,
  code text not null,
  words text not null,
  since timestamptz not null,
  primary key (tenant, code)
);
