import type { Instant } from "#kit";
import type { Queries, Tx } from "#db";

/** An address as one account of ours sees it. */
export interface End {
  channel: string;
  account: string;
  address: string;
}

/** What is known about an end since when, by the provider's clock and count. */
export interface Word extends End {
  at: Instant;
  turn: number;
}

const columns = (words: Word[]) => [
  words.map((word) => word.channel),
  words.map((word) => word.account),
  words.map((word) => word.address),
  words.map((word) => new Date(word.at)),
  words.map((word) => word.turn),
];

const NOTE = `
  insert into chat_block (tenant, channel, account, address, at, turn, blocked)
  select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::bigint[], $7::boolean[])
  on conflict (tenant, channel, account, address) do update
    set blocked = excluded.blocked, at = excluded.at, turn = excluded.turn
    where (chat_block.at, chat_block.turn) <= (excluded.at, excluded.turn)
  returning channel, account, address, blocked`;

/** Keeps the newest word about each end; answers those that were news. One word for each at most. */
export const noteBlocks = (
  queries: Queries,
  words: (Word & { blocked: boolean })[],
): Promise<(End & { blocked: boolean })[]> =>
  queries.query(NOTE, [queries.tenant, ...columns(words), words.map(({ blocked }) => blocked)]);

const HEARD = `
  update chat_block b set blocked = false, at = heard.at, turn = heard.turn
  from unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::bigint[])
    as heard (channel, account, address, at, turn)
  where b.tenant = $1 and b.channel = heard.channel and b.account = heard.account and b.address = heard.address
    and b.blocked and (b.at, b.turn) <= (heard.at, heard.turn)`;

/** Whoever writes to us lets us write. */
export async function endBlocks(tx: Tx, heard: Word[]): Promise<void> {
  if (heard.length > 0) await tx.query(HEARD, [tx.tenant, ...columns(heard)]);
}

const BLOCKED = `
  select 1 from chat_block
  where tenant = $1 and channel = $2 and account = $3 and address = $4 and blocked`;

/** True while nothing may be sent there. */
export async function isBlocked(queries: Queries, { channel, account, address }: End): Promise<boolean> {
  return (await queries.query(BLOCKED, [queries.tenant, channel, account, address])).length > 0;
}
