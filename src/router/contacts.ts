import type { Tx } from "#db";
import { newId, type Clock, type ContactId, type Locale, type PhoneNumber } from "#kit";

/** The person who is known by this phone number; made when nobody is. */
export async function contactOf(
  tx: Tx,
  clock: Clock,
  person: { phone: PhoneNumber; locale: Locale },
): Promise<ContactId> {
  const now = clock.now();
  const [known] = await tx.query<{ id: ContactId }>(KNOWN, [tx.tenant, person.phone]);
  if (known) return known.id;
  const [made] = await tx.query<{ id: ContactId }>(MAKE, [
    tx.tenant,
    person.phone,
    newId(now),
    person.locale,
    new Date(now),
  ]);
  return made!.id;
}

const KNOWN = `
  select coalesce(c.merged_into, c.id) as id from identity i join contact c on c.tenant = $1 and c.id = i.contact_id
  where i.tenant = $1 and i.channel = 'phone' and i.address = $2`;

/** When somebody else makes the same contact meanwhile, theirs stands and ours is not inserted. */
const MAKE = `
  with named as (
    insert into identity (tenant, channel, address, contact_id, seen_at) values ($1, 'phone', $2, $3, $5)
    on conflict (tenant, channel, address) do update set seen_at = excluded.seen_at
    returning contact_id
  ), made as (
    insert into contact (tenant, id, locale, created_at)
    select $1, contact_id, $4, $5 from named where contact_id = $3
  )
  select contact_id as id from named`;
