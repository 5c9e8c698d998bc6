import { earlier, millis, type Clock } from "#kit";
import type { Queries } from "#db";
import type { Brands } from "#company";
import type { Channel } from "./channel.ts";
import { chatWait, type Load } from "./core/wait.ts";
import type { Asker, Chat } from "./door.ts";
import { findInviter, findOpenChat } from "./senders.ts";
import type { ChatSettings } from "./settings.ts";

const LOAD = `
  select
    (select coalesce(sum(o.capacity), 0) from presence p join operator o on o.tenant = $1 and o.id = p.operator_id
     where p.tenant = $1 and p.status = 'online')::int as slots,
    (select count(*) from conversation where tenant = $1 and closed_at is null and operator_id is not null
     and (first_unanswered_at is not null or last_inbound_at > $2))::int as taken,
    (select count(*) from conversation where tenant = $1 and closed_at is null and owner = 'queue')::int as waiting`;

/**
 * Answers whether callers may be offered a messenger now: the first one with an account that can write to them first, else
 * the first one where the caller has a chat with us.
 */
export function createRoom(deps: {
  clock: Clock;
  channels: Map<string, Channel>;
  brands: Pick<Brands, "ofQueue">;
  settings: ChatSettings;
}): Chat["room"] {
  const { clock, channels, brands, settings } = deps;

  async function open(queries: Queries, { queue, locale, phone }: Asker): Promise<string | null> {
    const brand = brands.ofQueue(queue).code;
    const now = clock.now();
    for (const channel of channels.values()) {
      if (await findInviter(queries, channel, { brand, locale }, now)) return channel.name;
    }
    for (const channel of phone === null ? [] : channels.values()) {
      const writesIntoChats = !channel.abilities.templates;
      if (writesIntoChats && (await findOpenChat(queries, channel, { brand, phone: phone! }, now))) return channel.name;
    }
    return null;
  }

  return async (queries, asker) => {
    const silentSince = earlier(clock.now(), millis(settings.CHAT_SILENT_AFTER_MS));
    const [load] = await queries.query<Load>(LOAD, [queries.tenant, new Date(silentSince)]);
    return { channel: await open(queries, asker), waitSeconds: chatWait(load!, settings.CHAT_HANDLING_SECONDS) };
  };
}
