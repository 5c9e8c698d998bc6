-- The previous release sees nothing of this: it neither reads nor writes these tables. Files of messages that it took
-- in itself have no row here and stay the words they were.

-- One file of one message. A row is written with its message, before the file itself is fetched.
create table media (
  tenant text not null,
  id uuid not null,
  message_id uuid not null,
  conversation_id uuid not null,
  -- 'in' from a customer, 'out' from us.
  direction text not null,
  kind text not null,
  channel text not null,
  account text not null,
  -- The provider's id of an inbound file; never an address.
  file_id text,
  file_name text,
  -- Where the file is in its life (src/chat/core/media.ts), and why it failed.
  at text not null,
  because text,
  tries int not null default 0,
  -- The next try; while one is under way the moment after which it counts as lost.
  due_at timestamptz,
  claimed_by uuid,
  -- Known once the content is here: the hash, the size and the type it has by its content.
  sha256 text,
  size bigint,
  type text,
  created_at timestamptz not null,
  primary key (tenant, id)
);
create unique index media_message on media (tenant, message_id);
create index media_due on media (tenant, due_at) where due_at is not null;
create index media_content on media (tenant, sha256) where sha256 is not null;
create index media_kept on media (tenant, created_at) where at = 'stored';

-- What the store holds, written before it is given anything: nothing there is ever forgotten. A content that no
-- message refers to any more is deleted when nobody has touched it for a while.
create table media_file (
  tenant text not null,
  sha256 text not null,
  size bigint not null,
  touched_at timestamptz not null,
  primary key (tenant, sha256)
);
create index media_file_touched on media_file (tenant, touched_at);
