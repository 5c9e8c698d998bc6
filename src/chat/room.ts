import { earlier, millis, type Clock, type PhoneNumber } from "#kit";
import type { Queries } from "#db";
import { hasAlarm } from "./alarm-store.ts";
import type { Channel } from "./channel.ts";
import { chatWait, type Load } from "./core/wait.ts";
import type { Chat } from "./door.ts";
import { addressOn } from "./people-store.ts";
import type { ChatSettings } from "./settings.ts";

/** A template the provider paused or rejected would be refused to everybody who presses 1. */
const INVITE_OFF = `
  select 1 from template where tenant = $1 and channel = $2 and name = $3 and status <> 'APPROVED' limit 1`;

const LOAD = `
  select
    (select coalesce(sum(o.capacity), 0) from presence p join operator o on o.tenant = $1 and o.id = p.operator_id
     where p.tenant = $1 and p.status = 'online')::int as slots,
    (select count(*) from conversation where tenant = $1 and closed_at is null and operator_id is not null
     and (first_unanswered_at is not null or last_inbound_at > $2))::int as taken,
    (select count(*) from conversation where tenant = $1 and closed_at is null and owner = 'queue')::int as waiting`;

/** Answers where a caller may be written to now: channels that can write to this number first and have no alarm. */
export function createRoom(deps: {
  clock: Clock;
  channels: Map<string, Channel>;
  settings: ChatSettings;
}): Chat["room"] {
  const { clock, channels, settings } = deps;

  async function isOpen(queries: Queries, { name, abilities }: Channel, phone: PhoneNumber | null): Promise<boolean> {
    if (abilities.writesFirst === "never" && !(await addressOn(queries, name, phone))) return false;
    if (await hasAlarm(queries, name, clock.now())) return false;
    if (abilities.writesFirst !== "with-template") return true;
    const off = await queries.query(INVITE_OFF, [queries.tenant, name, settings.WHATSAPP_INVITE_TEMPLATE]);
    return off.length === 0;
  }

  async function open(queries: Queries, phone: PhoneNumber | null): Promise<string[]> {
    const names: string[] = [];
    for (const channel of channels.values()) if (await isOpen(queries, channel, phone)) names.push(channel.name);
    return names;
  }

  return async (queries, { phone }) => {
    const silentSince = earlier(clock.now(), millis(settings.CHAT_SILENT_AFTER_MS));
    const [load] = await queries.query<Load>(LOAD, [queries.tenant, new Date(silentSince)]);
    return { channels: await open(queries, phone), waitSeconds: chatWait(load!, settings.CHAT_HANDLING_SECONDS) };
  };
}
