import type { Queries } from "#db";
import type { Instant, Locale, PhoneNumber } from "#kit";
import { hasAlarm } from "./alarm-store.ts";
import type { Address, Channel } from "./channel.ts";
import { addressOn } from "./people-store.ts";
import { isUsable } from "./template-store.ts";

/** An account that can invite a caller now. */
export interface Inviter {
  account: string;
  /** Where the caller is reached from it; null while the number is not known. */
  to: Address | null;
  /** The template it does it with; null where none is needed. */
  template: string | null;
}

/** Who is to be invited, and on whose behalf. */
interface Wanted {
  brand: string;
  locale: Locale;
  /** Null while a caller with a hidden number has not keyed one in. */
  phone: PhoneNumber | null;
}

/** The accounts that speak for a brand: its own first, then those that serve every brand. */
export function accountsFor(channel: Channel, brand: string): string[] {
  const serving = (whose: string | null) =>
    channel.accounts().filter((account) => channel.account(account)?.brand === whose);
  return [...serving(brand), ...serving(null)];
}

/** The first account of the brand that invites, has no alarm and may write to this person first. */
export async function findInviter(
  queries: Queries,
  channel: Channel,
  wanted: Wanted,
  now: Instant,
): Promise<Inviter | null> {
  for (const account of accountsFor(channel, wanted.brand)) {
    if (!channel.account(account)?.invites) continue;
    if (await hasAlarm(queries, { channel: channel.name, account }, now)) continue;
    const inviter = await inviterAt(queries, channel, account, wanted);
    if (inviter) return inviter;
  }
  return null;
}

async function inviterAt(
  queries: Queries,
  channel: Channel,
  account: string,
  { locale, phone }: Wanted,
): Promise<Inviter | null> {
  const to = phone && channel.addressFor(account, phone);
  switch (channel.abilities.writesFirst) {
    case "freely":
      return { account, to, template: null };
    case "with-template": {
      const name = channel.account(account)?.inviteTemplate ?? null;
      const usable = name !== null && (await isUsable(queries, { channel: channel.name, account, name, locale }));
      return usable ? { account, to, template: name } : null;
    }
    case "never": {
      const id = await addressOn(queries, { channel: channel.name, account }, phone);
      return id === null ? null : { account, to: { channel: channel.name, account, id }, template: null };
    }
  }
}
