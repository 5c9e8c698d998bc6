-- What costs money per message is counted here, one row a count and window. The previous release does not know it.
create table allowance (
  tenant text not null,
  key text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  used int not null,
  primary key (tenant, key, starts_at)
);
-- Channels that did not work in this call before the present one. The previous release tries one and leaves this empty.
alter table deflection add column tried text[] not null default '{}';
create index allowance_past on allowance (tenant, ends_at);
