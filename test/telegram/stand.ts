import { createSettableClock, instant, later, millis, type MessageId, type SettableClock } from "#kit";
import type { OutboundContent, SendOutcome } from "../../src/chat/channel.ts";
import {
  createTelegram as createChannel,
  telegramSettings,
  type Telegram as Messenger,
} from "../../src/chat/channels/telegram/index.ts";
import { accountOf, type TelegramBot } from "../../src/chat/channels/telegram/settings.ts";
import { createTelegram, type Telegram } from "../../sim/telegram/index.ts";

export const BOT = { token: "777000:AAE-secret-of-the-stand-in", username: "kubik_bot", name: "Kubik & Co" };
export const OTHER = { token: "888000:AAE-another-secret", username: "other_bot", name: "Other" };
export const PERSON = 4242;
export const PUBLIC = "http://127.0.0.1:9";

/** The channel, and the stand-in it talks to. */
export interface Stand {
  clock: SettableClock;
  telegram: Telegram;
  messenger: Messenger;
  /** Takes these bots into use, as the company's connections do. */
  connect(...bots: Partial<TelegramBot>[]): void;
  /** Introduces every bot that is due. */
  introduce(): Promise<number>;
  pass(ms: number): Promise<void>;
  send(content: OutboundContent, to?: string, account?: string): Promise<SendOutcome>;
  close(): Promise<void>;
}

export async function createStand(): Promise<Stand> {
  const clock = createSettableClock(instant(Date.UTC(2026, 10, 21, 9)));
  const telegram = createTelegram({ clock, bots: [BOT, OTHER], seed: 7 });
  const settings = telegramSettings.schema.parse({
    TELEGRAM_BASE_URL: await telegram.listen(),
    TELEGRAM_TIMEOUT_MS: "5000",
  });
  const messenger = createChannel(settings, { clock, publicUrl: PUBLIC });

  return {
    clock,
    telegram,
    messenger,
    connect(...bots) {
      const all = bots.map((bot) => ({
        token: BOT.token,
        webhookSecret: "",
        polling: false,
        messagesPerSecond: 30,
        ...bot,
      }));
      void messenger.connections.use(
        all.map((settings, index) => ({
          id: String(index),
          kind: "telegram",
          account: accountOf(settings),
          brand: null,
          name: "test",
          settings,
          source: "database",
        })),
      );
    },
    introduce: () => messenger.pump.work(),
    async pass(ms) {
      const end = later(clock.now(), millis(ms));
      await telegram.idle();
      for (let next = clock.nextTimerAt(); next !== null && next <= end; next = clock.nextTimerAt()) {
        clock.moveTo(next);
        await telegram.idle();
      }
      clock.moveTo(end);
      await telegram.idle();
    },
    send: (content, to = String(PERSON), account = "777000") =>
      messenger.channel.send({
        id: "01935a3c-0000-7000-8000-000000000001" as MessageId,
        to: { channel: "telegram", account, id: to },
        content,
      }),
    async close() {
      await messenger.channel.close();
      await telegram.close();
    },
  };
}
