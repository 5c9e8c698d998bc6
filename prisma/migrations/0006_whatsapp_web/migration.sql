-- WhatsApp Web: accounts linked as a browser. The previous release does not know these tables and leaves them alone.

-- One account. The process that holds its advisory lock runs the connection and writes `line`; everybody reads.
create table whatsapp_web_line (
  tenant text not null,
  account text not null,
  -- False: a person has switched it off, in every process at once.
  enabled boolean not null default true,
  -- The life of the connection, with the picture or code a person needs to link the account.
  line jsonb not null,
  -- Breaker, budget and trust of the checks, shared by all processes. Null before the first check.
  probe jsonb,
  -- What a person asked for and the process with the connection has not taken up yet.
  wish jsonb,
  updated_at timestamptz not null,
  primary key (tenant, account)
);

-- The library's credentials and keys: whoever has them is the account. Each value is sealed with SECRETS_KEY.
create table whatsapp_web_key (
  tenant text not null,
  account text not null,
  type text not null,
  id text not null,
  sealed text not null,
  primary key (tenant, account, type, id)
);

-- What a process without the connection asks of the one that has it. Rows live for seconds.
create table whatsapp_web_errand (
  tenant text not null,
  id uuid not null,
  account text not null,
  errand jsonb not null,
  until timestamptz not null,
  taken_at timestamptz,
  answer jsonb,
  primary key (tenant, id)
);
create index whatsapp_web_errand_open on whatsapp_web_errand (tenant, account, id) where taken_at is null;
