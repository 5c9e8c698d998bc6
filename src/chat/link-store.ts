import { hashToken, type CallId, type ContactId, type Instant, type Locale } from "#kit";
import type { Queries, Tx } from "#db";

/** What a link into a messenger leads back to. */
interface Destination {
  contactId: ContactId;
  callId: CallId | null;
  queue: string;
  locale: Locale;
}

const INSERT = `
  insert into chat_link (tenant, token_hash, channel, contact_id, call_id, queue, locale, made_at, expires_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`;

/** Keeps a new link. Its token is not kept. */
export async function keepLink(
  queries: Queries,
  link: Destination & { token: string; channel: string; madeAt: Instant; expiresAt: Instant },
): Promise<void> {
  const { token, channel, contactId, callId, queue, locale, madeAt, expiresAt } = link;
  const times = [new Date(madeAt), new Date(expiresAt)];
  await queries.query(INSERT, [queries.tenant, hashToken(token), channel, contactId, callId, queue, locale, ...times]);
}

/** A link that somebody has opened. */
export interface OpenedLink extends Destination {
  token: string;
  by: string;
}

const OPEN = `
  update chat_link link set used_at = coalesce(link.used_at, $4), used_by = opened.by
  from unnest($2::text[], $3::text[]) as opened (hash, by)
  where link.tenant = $1 and link.token_hash = opened.hash
    and (link.used_by = opened.by or (link.used_by is null and link.expires_at > $4))
  returning opened.hash, opened.by, link.contact_id as "contactId", link.call_id as "callId", link.queue, link.locale`;

/** The links with these tokens, now used. A link is for the first who opens it; to anybody else it says nothing. */
export async function openLinks(tx: Tx, opened: { token: string; by: string }[], now: Instant): Promise<OpenedLink[]> {
  if (opened.length === 0) return [];
  const tokens = new Map(opened.map(({ token }) => [hashToken(token), token]));
  const rows = await tx.query<Destination & { hash: string; by: string }>(OPEN, [
    tx.tenant,
    opened.map(({ token }) => hashToken(token)),
    opened.map(({ by }) => by),
    new Date(now),
  ]);
  return rows.map(({ hash, ...row }) => ({ ...row, token: tokens.get(hash)! }));
}
