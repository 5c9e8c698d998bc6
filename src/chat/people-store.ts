import type { CallId, ContactId, ConversationId, Locale, MessageId, PhoneNumber } from "#kit";
import type { Queries, Tx } from "#db";
import type { Choice } from "./channel.ts";
import { everybody } from "./merge-store.ts";

/** Who is known under a name on a channel. `phone` is a channel of its own here. */
export interface KnownPerson {
  channel: string;
  address: string;
  /** The person this contact belongs to now. */
  contactId: ContactId;
  /** The contact the name is written down for; another than the person's after a merge. */
  home: ContactId;
  name: string | null;
  locale: Locale;
}

/** One look by key for each name (`offset 0` keeps it one): a join may be planned as a read of everybody. */
const FIND = `
  select wanted.channel, wanted.address, known.contact_id as "contactId", known.home, known.name, known.locale
  from unnest($2::text[], $3::text[]) as wanted (channel, address)
  cross join lateral (
    select coalesce(c.merged_into, c.id) as contact_id, c.id as home, c.name, c.locale
    from identity i join contact c on c.tenant = i.tenant and c.id = i.contact_id
    where i.tenant = $1 and i.channel = wanted.channel and i.address = wanted.address
    offset 0) known`;

/** The people behind these names. */
export const findPeople = (tx: Tx, names: { channel: string; address: string }[]): Promise<KnownPerson[]> =>
  tx.query<KnownPerson>(FIND, [tx.tenant, names.map((name) => name.channel), names.map((name) => name.address)]);

const RENAME = `
  insert into identity (tenant, channel, address, contact_id, seen_at) values ($1, $2, $3, $4, $5)
  on conflict (tenant, channel, address) do update set contact_id = excluded.contact_id, seen_at = excluded.seen_at`;

/** Says that this name is this person's, whoever had it before. */
export async function claimName(
  tx: Tx,
  name: { channel: string; address: string; contactId: ContactId },
  at: number,
): Promise<void> {
  await tx.query(RENAME, [tx.tenant, name.channel, name.address, name.contactId, new Date(at)]);
}

const TAKE = `
  insert into identity (tenant, channel, address, contact_id, seen_at) values ($1, $2, $3, $4, $5)
  on conflict (tenant, channel, address) do update set seen_at = excluded.seen_at
  returning contact_id as "contactId"`;

/** Gives the name to this person unless somebody has it, perhaps since a moment ago; answers who has it now. */
export async function takeName(
  tx: Tx,
  name: { channel: string; address: string; contactId: ContactId },
  at: number,
): Promise<ContactId> {
  const [row] = await tx.query<{ contactId: ContactId }>(TAKE, [
    tx.tenant,
    name.channel,
    name.address,
    name.contactId,
    new Date(at),
  ]);
  return row!.contactId;
}

const MOVE = `
  update conversation set address = $5
  where tenant = $1 and contact_id in (${everybody("$2::uuid")}) and channel = $3 and address = $4 and closed_at is null`;

/** Replies of open conversations go to the new address: the old one is dead. */
export async function moveConversations(
  tx: Tx,
  person: { contactId: ContactId; channel: string; from: string; to: string },
): Promise<void> {
  await tx.query(MOVE, [tx.tenant, person.contactId, person.channel, person.from, person.to]);
}

/** A message of the past that something new points to. */
export interface Referred {
  providerId: string | null;
  token: string | null;
  messageId: MessageId;
  conversationId: ConversationId;
  contactId: ContactId;
  locale: Locale;
  callId: CallId | null;
  /** Where the message was sent. */
  channel: string;
  /** An address of the same person on the channel the answer came by. */
  addressHere: string | null;
  /** What could be tapped under it. */
  choices: Choice[] | null;
}

const REFERRED = `
  select m.provider_id as "providerId", case when m.purpose = 'invite' then m.meta ->> 'token' end as token, m.id as "messageId",
    m.conversation_id as "conversationId", coalesce(person.merged_into, person.id) as "contactId", c.locale,
    m.content -> 'choices' as choices, (case when m.purpose = 'invite' then m.meta ->> 'callId' end)::uuid as "callId", m.channel,
    (select i.address from identity i
     where i.tenant = $1 and i.channel = $2 and i.contact_id in (${everybody("coalesce(person.merged_into, person.id)")}) limit 1) as "addressHere"
  from (
    select id from message where tenant = $1 and channel = $2 and provider_id = any ($3::text[])
    union
    select id from message where tenant = $1 and purpose = 'invite' and meta ->> 'token' = any ($4::text[])
  ) found
  join message m on m.tenant = $1 and m.id = found.id
  join conversation c on c.tenant = $1 and c.id = m.conversation_id
  join contact person on person.tenant = $1 and person.id = c.contact_id`;

/** The messages with these provider ids, and the invites with these tokens. */
export const findReferred = (tx: Tx, channel: string, providerIds: string[], tokens: string[]): Promise<Referred[]> =>
  tx.query<Referred>(REFERRED, [tx.tenant, channel, providerIds, tokens]);

const ADDRESS_ON = `
  select c.address from identity phone
  join contact named on named.tenant = $1 and named.id = phone.contact_id
  join conversation c on c.tenant = $1 and c.channel = $3 and c.account = $4
    and c.contact_id in (${everybody("coalesce(named.merged_into, named.id)")})
  where phone.tenant = $1 and phone.channel = 'phone' and phone.address = $2 and c.last_inbound_at is not null
    and exists (
      select 1 from identity i
      where i.tenant = $1 and i.channel = $3 and i.address = c.address
        and i.contact_id in (${everybody("coalesce(named.merged_into, named.id)")}))
    and not exists (
      select 1 from chat_block b
      where b.tenant = $1 and b.channel = $3 and b.account = $4 and b.address = c.address and b.blocked)
  order by c.last_inbound_at desc limit 1`;

/** Where the owner of this number has written to this account of ours from and has not blocked it; null when nowhere. */
export async function addressOn(
  queries: Queries,
  { channel, account }: { channel: string; account: string },
  phone: PhoneNumber | null,
): Promise<string | null> {
  if (phone === null) return null;
  const [row] = await queries.query<{ address: string }>(ADDRESS_ON, [queries.tenant, phone, channel, account]);
  return row?.address ?? null;
}

/** A name that the provider itself uses for the person of a conversation. */
export interface SeenAddress {
  channel: string;
  address: string;
  conversationId: ConversationId;
}

const REMEMBER = `
  insert into identity (tenant, channel, address, contact_id, seen_at)
  select $1, seen.channel, seen.address, c.contact_id, $5
  from unnest($2::text[], $3::text[], $4::uuid[]) as seen (channel, address, conversation_id)
  join conversation c on c.tenant = $1 and c.id = seen.conversation_id
  on conflict do nothing`;

/** Adds names learnt from the provider's answers, so that replies under them find the same person. */
export async function rememberAddresses(queries: Queries, seen: SeenAddress[], at: number): Promise<void> {
  if (seen.length === 0) return;
  const columns = [
    seen.map((one) => one.channel),
    seen.map((one) => one.address),
    seen.map((one) => one.conversationId),
  ];
  await queries.query(REMEMBER, [queries.tenant, ...columns, new Date(at)]);
}
