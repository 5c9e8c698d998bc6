-- Two updates of a conversation for each message should touch no index (HOT). The only indexed column they changed was
-- `due_at`, so what is due is a table of its own: a narrow row that lives from the question to the answer.
--
-- The release before goes on writing `conversation.due_at` and looking there: it neither sees nor disturbs what this one
-- plans. This one still takes what the release before has planned and left behind, so nothing waits for ever; the
-- column and its index `conversation_due` can go in a later release.
create table due_conversation (
  tenant text not null,
  conversation_id uuid not null,
  due_at timestamptz not null,
  primary key (tenant, conversation_id)
);
create index due_conversation_at on due_conversation (tenant, due_at);

-- Room on each page for the next version of its rows.
alter table conversation set (fillfactor = 70);
