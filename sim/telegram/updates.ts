import { Agent, STATUS_CODES } from "node:http";
import { between, days, millis, seconds, type Clock, type JsonObject } from "#kit";
import { ask, pathOf, pauseBefore } from "../kit/ask.ts";
import type { InFlight } from "../kit/inflight.ts";
import type { Journal } from "../kit/journal.ts";
import type { Random } from "../kit/random.ts";
import type { TelegramFaults } from "./faults.ts";
import { conflict, type Refusal } from "./refusal.ts";
import type { Bot, Parcel } from "./world.ts";

type UpdateKind = "message" | "edited_message" | "callback_query" | "my_chat_member";

/** What people did, on its way to the application: by webhook, repeated until taken, or asked for by `getUpdates`. */
export interface Updates {
  tell(bot: Bot, kind: UpdateKind, body: JsonObject): void;
  /** Sends what waits, after a webhook was set. */
  flush(bot: Bot): void;
  /** Confirms what is older than `offset`; answers what is there, or waits for it. */
  poll(bot: Bot, question: { offset: number; limit: number; timeout: number }): Promise<JsonObject[] | Refusal>;
  onUpdate(listener: (update: JsonObject) => void): void;
  close(): void;
}

interface Deps {
  clock: Clock;
  random: Random;
  faults: TelegramFaults;
  journal: Journal;
  inFlight: InFlight;
  reach(url: string): string;
}

const KEPT = days(1);

/** One that waits for news by `getUpdates`. */
type Waiter = (end: "news" | "other" | "time") => void;

export function createUpdates({ clock, random, faults, journal, inFlight, reach }: Deps): Updates {
  const agent = new Agent({ keepAlive: true });
  const listeners = new Set<(update: JsonObject) => void>();
  const underWay = new Map<Bot, Set<Parcel>>();
  const waiters = new Map<Bot, Waiter>();
  let closed = false;

  const wait = (ms: number, then: () => void) => (ms > 0 ? void clock.after(millis(ms), then) : then());
  const busy = (bot: Bot) => underWay.get(bot) ?? new Set();
  const isOld = ({ since }: Parcel) => between(since, clock.now()) > KEPT;

  function flush(bot: Bot): void {
    const going = busy(bot);
    underWay.set(bot, going);
    bot.pending = bot.pending.filter((parcel) => !isOld(parcel));
    for (const parcel of bot.hook ? bot.pending : []) {
      if (going.size >= bot.hook!.maxConnections) return;
      if (going.has(parcel)) continue;
      going.add(parcel);
      for (let copy = 1; copy <= faults.updates.extraCopies; copy += 1) wait(lateness(), () => void post(bot, parcel));
      wait(lateness(), () => void deliver(bot, parcel, 0));
    }
  }

  const lateness = () => faults.updates.delayMs + random.below(faults.updates.shuffleMs + 1);

  async function deliver(bot: Bot, parcel: Parcel, attempt: number): Promise<void> {
    const taken = await post(bot, parcel);
    if (!taken && bot.hook && !closed && !isOld(parcel))
      return wait(pauseBefore(attempt + 1), () => void deliver(bot, parcel, attempt + 1));
    if (taken) bot.pending = bot.pending.filter((one) => one !== parcel);
    busy(bot).delete(parcel);
    if (!closed) flush(bot);
  }

  /** True when the application took it. */
  async function post(bot: Bot, { update }: Parcel): Promise<boolean> {
    const { hook } = bot;
    if (!hook || closed) return false;
    const over = journal.open({
      from: "telegram",
      to: "detour",
      method: "POST",
      path: pathOf(hook.url),
      params: update,
    });
    const body = JSON.stringify(update);
    const headers = {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      ...(hook.secret === null ? {} : { "x-telegram-bot-api-secret-token": hook.secret }),
    };
    const answer = await inFlight.track(ask({ clock, agent }, reach(hook.url), { method: "POST", headers, body }));
    over(answer?.status ?? null);
    if (answer && answer.status >= 200 && answer.status < 300) return true;
    bot.lastError = { at: clock.now(), words: wordsFor(answer?.status ?? null) };
    return false;
  }

  /** Negative offsets count from the end, and forget what is before. */
  function confirm(bot: Bot, offset: number): void {
    if (offset > 0) bot.pending = bot.pending.filter(({ update }) => update.update_id >= offset);
    if (offset < 0) bot.pending = bot.pending.slice(offset);
  }

  return {
    tell(bot, kind, body) {
      if (bot.allowed && !bot.allowed.includes(kind)) return;
      const update = { update_id: bot.nextUpdate++, [kind]: body };
      for (const listener of listeners) listener(update);
      bot.pending.push({ update, since: clock.now() });
      waiters.get(bot)?.("news");
      flush(bot);
    },
    flush,
    async poll(bot, { offset, limit, timeout }) {
      if (bot.hook) return conflict(WEBHOOK_ACTIVE);
      confirm(bot, offset);
      waiters.get(bot)?.("other");
      if (bot.pending.length === 0 && timeout > 0 && (await news(bot, timeout)) === "other")
        return conflict(TERMINATED);
      return bot.pending.slice(0, limit).map(({ update }) => update);
    },
    onUpdate: (listener) => void listeners.add(listener),
    close() {
      closed = true;
      for (const waiter of waiters.values()) waiter("time");
      agent.destroy();
    },
  };

  function news(bot: Bot, timeout: number): Promise<"news" | "other" | "time"> {
    return new Promise((resolve) => {
      const cancel = clock.after(seconds(timeout), () => waiter("time"));
      const waiter: Waiter = (end) => {
        cancel();
        if (waiters.get(bot) === waiter) waiters.delete(bot);
        resolve(end);
      };
      waiters.set(bot, waiter);
    });
  }
}

const WEBHOOK_ACTIVE =
  "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";
const TERMINATED = "terminated by other getUpdates request; make sure that only one bot instance is running";

const wordsFor = (status: number | null): string =>
  status === null
    ? "Connection refused"
    : `Wrong response from the webhook: ${status} ${STATUS_CODES[status] ?? ""}`.trim();
