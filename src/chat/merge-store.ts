import type { Queries, Tx } from "#db";
import type { ContactId, Instant, Locale, OperatorId } from "#kit";
import type { Known } from "./core/kinship.ts";

/** One merge as it was done. */
export interface Merge {
  id: string;
  kept: ContactId;
  merged: ContactId;
  brought: ContactId[];
  because: string;
  operatorId: OperatorId | null;
  at: Instant;
  undoneAt: Instant | null;
}

/** SQL for all contacts of the person whose own contact is `contact`: the person's and those merged into it. */
export const everybody = (contact: string): string => `
  select ${contact} union all select k.id from contact k where k.tenant = $1 and k.merged_into = ${contact}`;

/** SQL for the telephone number of the person a conversation's contact belongs to. */
export const phoneOf = (contact: string): string => `
  (select i.address from identity i
   where i.tenant = $1 and i.channel = 'phone' and i.contact_id in (
     ${contact}, (select coalesce(m.merged_into, m.id) from contact m where m.tenant = $1 and m.id = ${contact})
   ) limit 1)`;

const LOCK = `
  select c.id, c.merged_into as "mergedInto" from contact c
  where c.tenant = $1 and c.id = any ($2::uuid[]) order by c.id for update`;

/** These contacts, locked in one order, each with the person it was merged into; null: is that person itself. */
export const lockContacts = (tx: Tx, ids: ContactId[]): Promise<{ id: ContactId; mergedInto: ContactId | null }[]> =>
  tx.query(LOCK, [tx.tenant, ids]);

const KNOWN = `
  select p.id as "contactId", array(
    select i.address from identity i where i.tenant = $1 and i.channel = 'phone' and i.contact_id in (${everybody("p.id")})
  ) as phones
  from contact p where p.tenant = $1 and p.id = any ($2::uuid[])`;

/** The telephone numbers of these people. */
export const phonesOf = (queries: Queries, people: ContactId[]): Promise<Known[]> =>
  queries.query<Known>(KNOWN, [queries.tenant, people]);

const PARTED = `
  select 1 from contact_merge
  where tenant = $1 and undone_at is not null and (kept, merged) in (($2, $3), ($3, $2)) limit 1`;

/** Whether somebody has taken a merge of these two back. */
export const wereParted = async (queries: Queries, one: ContactId, other: ContactId): Promise<boolean> =>
  (await queries.query(PARTED, [queries.tenant, one, other])).length > 0;

const MERGE = `
  with brought as (
    update contact set merged_into = $3 where tenant = $1 and merged_into = $4 returning id
  ), pointed as (
    update contact set merged_into = $3 where tenant = $1 and id = $4
  )
  insert into contact_merge (tenant, id, kept, merged, brought, because, operator_id, at)
  values ($1, $2, $3, $4, array(select id from brought), $5, $6, $7)`;

/** Points the merged contact, and whoever had been merged into it, to the person that stays. */
export async function insertMerge(
  tx: Tx,
  merge: {
    id: string;
    kept: ContactId;
    merged: ContactId;
    because: string;
    operatorId: OperatorId | null;
    at: Instant;
  },
): Promise<void> {
  const { id, kept, merged, because, operatorId, at } = merge;
  await tx.query(MERGE, [tx.tenant, id, kept, merged, because, operatorId, new Date(at)]);
}

const READ = `
  select id, kept, merged, brought, because, operator_id as "operatorId", at, undone_at as "undoneAt"
  from contact_merge where tenant = $1`;

/** The merge, locked; null when there is none of this id. */
export async function takeMerge(tx: Tx, id: string): Promise<Merge | null> {
  const [merge] = await tx.query<Merge>(`${READ} and id = $2 for update`, [tx.tenant, id]);
  return merge ?? null;
}

/** Every merge this person was made of, newest first. */
export const mergesOf = (queries: Queries, person: ContactId): Promise<Merge[]> =>
  queries.query<Merge>(`${READ} and kept = $2 order by at desc, id desc`, [queries.tenant, person]);

const UNDO = `
  with pointed as (
    update contact set merged_into = case when id = $3 then null else $3::uuid end
    where tenant = $1 and id = any ($4::uuid[] || $3::uuid)
  )
  update contact_merge set undone_at = $5, undone_by = $6 where tenant = $1 and id = $2`;

/** Makes two people of the contacts again. */
export async function undoMerge(tx: Tx, { id, merged, brought }: Merge, by: OperatorId, at: Instant): Promise<void> {
  await tx.query(UNDO, [tx.tenant, id, merged, brought, new Date(at), by]);
}

/**
 * Conversations that began while two were one follow the address they are held at: a reply to it must reach the person
 * it belongs to, and what that person writes must find it. Where that person has an open one already, the other stays.
 */
const RETURN = `
  update conversation c set contact_id = theirs.contact_id
  from identity theirs
  where c.tenant = $1 and c.contact_id = $2 and theirs.tenant = $1 and theirs.channel = c.channel and theirs.address = c.address
    and theirs.contact_id = any ($3::uuid[])
    and (c.closed_at is not null or not exists (
      select 1 from conversation open
      where open.tenant = $1 and open.contact_id = theirs.contact_id and open.channel = c.channel and open.account = c.account
        and open.closed_at is null))`;

/** Gives the parted contacts back what is held at their addresses. */
export async function returnConversations(tx: Tx, kept: ContactId, parted: ContactId[]): Promise<void> {
  await tx.query(RETURN, [tx.tenant, kept, parted]);
}

const IDENTITIES = `
  select channel, address from identity
  where tenant = $1 and contact_id in (${everybody("$2::uuid")}) order by channel, address`;

/** Every name this person is known by. */
export const namesOf = (queries: Queries, person: ContactId): Promise<{ channel: string; address: string }[]> =>
  queries.query(IDENTITIES, [queries.tenant, person]);

const PERSON = `
  select p.id, p.name, p.locale from contact c join contact p on p.tenant = $1 and p.id = coalesce(c.merged_into, c.id)
  where c.tenant = $1 and c.id = $2`;

/** The person a contact belongs to now; null when there is no such contact. */
export async function personOf(
  queries: Queries,
  contact: string,
): Promise<{ id: ContactId; name: string | null; locale: Locale } | null> {
  const [person] = await queries.query<{ id: ContactId; name: string | null; locale: Locale }>(PERSON, [
    queries.tenant,
    contact,
  ]);
  return person ?? null;
}
