import { instant, later, millis, minutes, type Clock, type Instant } from "#kit";
import type { Pump } from "#jobs";
import type { Bot, Bots } from "./bots.ts";
import type { Client, Reply } from "./client.ts";
import { botSchema } from "./schema.ts";

/** What we want to hear of; Telegram remembers the list. */
export const ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member"] as const;

/** As many as Telegram takes by default: order within a chat is kept by lanes, not by connections. */
const CONNECTIONS = 40;

const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = minutes(5);

interface Deps {
  clock: Clock;
  client: Client;
  bots: Bots;
  /** Where Telegram is to send the updates of this bot. */
  webhookOf(account: string): string;
}

/** Bots that are ready to talk, and those still to be introduced. */
export interface Introductions {
  /** False until Telegram knows where this bot's updates go. */
  isDone(bot: Bot): boolean;
  /** Introduces it now, unless that is done; answers Telegram's words when it was not taken. */
  introduce(bot: Bot): Promise<string | null>;
  /** Has to be done again: somebody else changed it. */
  forget(bot: Bot): void;
  pump: Pump;
}

/** Tells Telegram once where each bot's updates go, or that they will be asked for; tries again until it is taken. */
export function createIntroductions({ clock, client, bots, webhookOf }: Deps): Introductions {
  const done = new WeakSet<Bot>();
  const tries = new WeakMap<Bot, { count: number; next: Instant }>();

  const waiting = () => bots.all().filter((bot) => !done.has(bot));
  const dueAt = (bot: Bot): Instant => tries.get(bot)?.next ?? clock.now();

  async function introduce(bot: Bot): Promise<string | null> {
    if (done.has(bot)) return null;
    const name = await learnName(bot);
    const reply = name.kind === "done" ? await direct(bot) : name;
    if (reply.kind === "done") {
      done.add(bot);
      return null;
    }
    const count = (tries.get(bot)?.count ?? 0) + 1;
    const pause = Math.min(FIRST_PAUSE * 2 ** (count - 1), LONGEST_PAUSE);
    tries.set(bot, { count, next: later(clock.now(), millis(pause)) });
    return reply.kind === "foreign" ? `HTTP ${reply.status}` : reply.words;
  }

  async function learnName(bot: Bot): Promise<Reply> {
    const reply = await client.call(bot.settings.token, (api) => api.getMe());
    if (reply.kind !== "done") return reply;
    const me = botSchema.safeParse(reply.result);
    if (!me.success) return { kind: "foreign", status: 200 };
    bot.username = me.data.username;
    return reply;
  }

  const direct = ({ account, secret, settings }: Bot): Promise<Reply> =>
    client.call(settings.token, (api) =>
      settings.polling
        ? api.deleteWebhook({ drop_pending_updates: false })
        : api.setWebhook({
            url: webhookOf(account),
            secret_token: secret,
            allowed_updates: ALLOWED,
            max_connections: CONNECTIONS,
          }),
    );

  return {
    isDone: (bot) => done.has(bot),
    introduce,
    forget(bot) {
      done.delete(bot);
      tries.delete(bot);
    },
    pump: {
      name: "telegram",
      wokenBy: ["connections"],
      async work() {
        const due = waiting().filter((bot) => dueAt(bot) <= clock.now());
        await Promise.all(due.map(introduce));
        return due.length;
      },
      async nextDueAt() {
        const moments = waiting().map(dueAt);
        return moments.length === 0 ? null : instant(Math.min(...moments));
      },
    },
  };
}
