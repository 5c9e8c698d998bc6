-- Brands, our accounts at providers, several numbers per queue. The previous release goes on: what is new has defaults,
-- it answers the first number of each queue, and it leaves connections of the database to the new release.

create table brand (
  tenant text not null,
  code text not null,
  name jsonb not null,
  locale text not null,
  region text not null,
  time_zone text not null,
  hours jsonb not null default '[]',
  holidays jsonb not null default '[]',
  updated_at timestamptz not null,
  primary key (tenant, code)
);

-- One of our own accounts at a provider. Secrets are sealed one by one; without SECRETS_KEY they say nothing.
create table connection (
  tenant text not null,
  id uuid not null,
  kind text not null,
  account text not null,
  -- Null serves every brand.
  brand text,
  name text not null,
  enabled boolean not null default true,
  settings jsonb not null,
  secrets jsonb not null default '{}',
  updated_at timestamptz not null,
  primary key (tenant, id),
  unique (tenant, kind, account)
);

alter table queue add column brand text not null default 'default';
-- A queue of chats alone has no number. `number` repeats the first one for the previous release and goes with the next.
alter table queue alter column number drop not null;

-- The numbers people call; each leads to one queue.
create table hotline (
  tenant text not null,
  number text not null,
  queue text not null,
  primary key (tenant, number)
);
create index hotline_queue on hotline (tenant, queue);
insert into hotline (tenant, number, queue) select tenant, number, code from queue;

-- Two of our numbers are two conversations: the free-text window and the sender's name belong to the number.
drop index conversation_one_open;
create unique index conversation_one_open on conversation (tenant, contact_id, channel, account) where closed_at is null;
