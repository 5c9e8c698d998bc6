import type { Instant } from "#kit";
import type { Queries, Tx } from "#db";

/** An address as one account of ours sees it. */
export interface End {
  channel: string;
  account: string;
  address: string;
}

const columns = (ends: (End & { at: Instant })[]) => [
  ends.map((end) => end.channel),
  ends.map((end) => end.account),
  ends.map((end) => end.address),
  ends.map((end) => new Date(end.at)),
];

const NOTE = `
  insert into chat_block (tenant, channel, account, address, at, blocked)
  select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::boolean[])
  on conflict (tenant, channel, account, address) do update set blocked = excluded.blocked, at = excluded.at
  where chat_block.at <= excluded.at
  returning channel, account, address, blocked`;

/** Keeps the newest word of each; answers those that were news. One word for each address at most. */
export const noteBlocks = (
  queries: Queries,
  words: (End & { blocked: boolean; at: Instant })[],
): Promise<(End & { blocked: boolean })[]> =>
  queries.query(NOTE, [queries.tenant, ...columns(words), words.map(({ blocked }) => blocked)]);

const HEARD = `
  update chat_block b set blocked = false, at = heard.at
  from unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[]) as heard (channel, account, address, at)
  where b.tenant = $1 and b.channel = heard.channel and b.account = heard.account and b.address = heard.address
    and b.blocked and b.at <= heard.at`;

/** Whoever writes to us lets us write. */
export async function endBlocks(tx: Tx, heard: (End & { at: Instant })[]): Promise<void> {
  if (heard.length > 0) await tx.query(HEARD, [tx.tenant, ...columns(heard)]);
}

const BLOCKED = `
  select 1 from chat_block
  where tenant = $1 and channel = $2 and account = $3 and address = $4 and blocked`;

/** True while nothing may be sent there. */
export async function isBlocked(queries: Queries, { channel, account, address }: End): Promise<boolean> {
  return (await queries.query(BLOCKED, [queries.tenant, channel, account, address])).length > 0;
}
