import type { ChannelEvent, Pull } from "../../channel.ts";
import type { Bot, Bots } from "./bots.ts";
import { LONG_POLL, type Client } from "./client.ts";
import { ALLOWED, type Introductions } from "./introduction.ts";
import { readUpdate } from "./read.ts";
import { updateSchema } from "./schema.ts";

/** Long polling. Telegram forgets what is older than the offset, so the offset moves only when updates are stored. */
export function createPull({
  bots,
  client,
  introductions,
}: {
  bots: Bots;
  client: Client;
  introductions: Introductions;
}): Pull {
  async function updatesOf(bot: Bot): Promise<unknown[]> {
    const reply = await client.call(bot.settings.token, (api) =>
      api.getUpdates({ offset: bot.offset, timeout: LONG_POLL / 1000, allowed_updates: ALLOWED }),
    );
    if (reply.kind === "done" && Array.isArray(reply.result)) return reply.result;
    if (bots.find(bot.account) !== bot) return [];
    // Somebody has set a webhook, or asks for the same bot's updates.
    if (reply.kind === "refused" && reply.code === 409) introductions.forget(bot);
    throw new Error(`Telegram gave no updates: ${reply.kind}`);
  }

  return {
    accounts: () =>
      bots
        .all()
        .filter((bot) => bot.settings.polling && introductions.isDone(bot))
        .map(({ account }) => account),

    async next(account, keep) {
      const bot = bots.find(account);
      if (!bot) return;
      const updates = (await updatesOf(bot)).flatMap((update) => updateSchema.safeParse(update).data ?? []);
      const last = updates.at(-1);
      if (!last) return;
      const events: ChannelEvent[] = updates.map((update) => readUpdate(update, account));
      await keep(events);
      bot.offset = last.update_id + 1;
    },
  };
}
