-- One person may turn out to be two contacts. The contact that was merged keeps its rows and only points to the person
-- it belongs to, so that taking the merge back loses and moves nothing. The previous release reads such contacts as
-- two people, as before.
alter table contact add column merged_into uuid;
create index contact_merged on contact (tenant, merged_into) where merged_into is not null;

-- Every merge with its reason; `brought` are the contacts that had been merged into the merged one before.
create table contact_merge (
  tenant text not null,
  id uuid not null,
  kept uuid not null,
  merged uuid not null,
  brought uuid[] not null,
  because text not null,
  operator_id uuid,
  at timestamptz not null,
  undone_at timestamptz,
  undone_by uuid,
  primary key (tenant, id)
);
create index contact_merge_kept on contact_merge (tenant, kept);
create unique index contact_merge_once on contact_merge (tenant, merged) where undone_at is null;
