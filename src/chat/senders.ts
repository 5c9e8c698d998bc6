import type { Queries } from "#db";
import type { Instant, Locale, PhoneNumber } from "#kit";
import { hasAlarm } from "./alarm-store.ts";
import type { Channel } from "./channel.ts";
import { findKnownChat, type KnownChat } from "./people-store.ts";
import { isUsable } from "./template-store.ts";

/** An account that can invite a caller now, with the template it does it with. */
export interface Inviter {
  account: string;
  template: string;
}

/** The accounts that speak for a brand: its own first, then those that serve every brand. */
export function accountsFor(channel: Channel, brand: string): string[] {
  const serving = (whose: string | null) =>
    channel.accounts().filter((account) => channel.account(account)?.brand === whose);
  return [...serving(brand), ...serving(null)];
}

/** The chat the owner of this phone has with an account of the brand that has no alarm. */
export async function findOpenChat(
  queries: Queries,
  channel: Channel,
  { brand, phone }: { brand: string; phone: PhoneNumber },
  now: Instant,
): Promise<KnownChat | null> {
  const accounts: string[] = [];
  for (const account of accountsFor(channel, brand))
    if (!(await hasAlarm(queries, { channel: channel.name, account }, now))) accounts.push(account);
  return findKnownChat(queries, { phone, channel: channel.name, accounts });
}

/** The first account of the brand that may write first, has no alarm and a template in this language. */
export async function findInviter(
  queries: Queries,
  channel: Channel,
  wanted: { brand: string; locale: Locale },
  now: Instant,
): Promise<Inviter | null> {
  if (!channel.abilities.templates) return null;
  for (const account of accountsFor(channel, wanted.brand)) {
    const name = channel.account(account)?.inviteTemplate ?? null;
    if (name === null || (await hasAlarm(queries, { channel: channel.name, account }, now))) continue;
    const template = { channel: channel.name, account, name, locale: wanted.locale };
    if (await isUsable(queries, template)) return { account, template: name };
  }
  return null;
}
