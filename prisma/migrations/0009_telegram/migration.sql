-- Links into messengers where a business cannot write first, and who has blocked us where a messenger tells. The previous
-- release goes on: it does not read these tables, and sends to somebody who has blocked us are refused to it as before.

-- A link that opens a chat and joins it to a call and a contact: for one customer, once. Only a hash of its token is kept.
create table chat_link (
  tenant text not null,
  token_hash text not null,
  channel text not null,
  contact_id uuid not null,
  call_id uuid,
  queue text not null,
  locale text not null,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  -- Channel and address of whoever opened it: a repeat by the same customer is the same opening.
  used_by text,
  primary key (tenant, token_hash)
);

-- The newest word about whether an address lets this account write to it.
create table chat_block (
  tenant text not null,
  channel text not null,
  account text not null,
  address text not null,
  blocked boolean not null,
  -- When, by the provider's clock, and which of several within the same second.
  at timestamptz not null,
  turn bigint not null,
  primary key (tenant, channel, account, address)
);
