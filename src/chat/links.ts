import type { Brands } from "#company";
import { recordEvents, type Tx } from "#db";
import { days, later, newToken, type Clock } from "#kit";
import type { Channel } from "./channel.ts";
import type { Chat } from "./door.ts";
import { keepLink } from "./link-store.ts";
import { accountsFor } from "./senders.ts";

interface Deps {
  clock: Clock;
  channels: Map<string, Channel>;
  brands: Pick<Brands, "ofQueue">;
}

/** A link in a message may be opened on the way home; later the call it belongs to is forgotten. */
const VALID = days(7);

/** Makes links into messengers where a business cannot write first. */
export function createLinks({ clock, channels, brands }: Deps): Pick<Chat, "link"> {
  return {
    async link(tx: Tx, { channel: name, contactId, callId, queue, locale }) {
      const channel = channels.get(name);
      const [account] = channel ? accountsFor(channel, brands.ofQueue(queue).code) : [];
      const token = newToken();
      const url = account === undefined ? null : (channel?.link?.(account, token) ?? null);
      if (url === null) return null;
      const madeAt = clock.now();
      const expiresAt = later(madeAt, VALID);
      await keepLink(tx, { token, channel: name, contactId, callId, queue, locale, madeAt, expiresAt });
      const event = { at: madeAt, kind: "chat.link-made", callId, contactId, data: { channel: name } };
      await recordEvents(tx, [event]);
      return { url, expiresAt };
    },
  };
}
