import type { AddressInfo } from "node:net";
import type { Cancel, Clock, Json, JsonObject } from "#kit";
import { createInFlight, type InFlight } from "../kit/inflight.ts";
import { createJournal, type Journal } from "../kit/journal.ts";
import { createRandom } from "../kit/random.ts";
import { clearFaults, createFaults, type TelegramFaults } from "./faults.ts";
import { createFiles } from "./files.ts";
import { createHands, type Hands, type TapView } from "./hands.ts";
import type { Refusal } from "./refusal.ts";
import { createServer } from "./server.ts";
import { createUpdates } from "./updates.ts";
import { chatOf, createBot, userOf, type Bot, type BotAccount, type Limits, type Sent, type World } from "./world.ts";

export type { Hands } from "./hands.ts";

interface TelegramOptions {
  clock: Clock;
  bots: BotAccount[];
  seed?: number;
}

type CallListener = (method: string, params: JsonObject, answer: Json | Refusal) => void;

/** A stand-in for Telegram's Bot API with any number of bots and people. */
export interface Telegram {
  /** Base URL for the application, known after `listen`. */
  readonly url: string;
  readonly faults: TelegramFaults;
  readonly limits: Limits;
  readonly bots: readonly Bot[];
  /** Every message a bot sent, oldest first: recount here what people got. */
  readonly sent: readonly Sent[];
  readonly journal: Journal;
  readonly inFlight: InFlight;
  /** The address under which a webhook is reached from here; the same one at first. */
  reach(url: string): string;
  /** What taps show of the message they were on. */
  tapView: TapView;
  /** Starts to listen on 127.0.0.1; 0 takes a free port. */
  listen(port?: number): Promise<string>;
  /** The hands and eyes of one person in the chat with a bot, the first one unless said otherwise. */
  person(id: number, bot?: string): Hands;
  /** Called with every call that reached a method, and what was answered. */
  onCall(listener: CallListener): void;
  /** Called with every update, before it is sent. */
  onUpdate(listener: (update: JsonObject) => void): void;
  /** Called whenever any chat changes. */
  onChange(listener: () => void): Cancel;
  clearFaults(): void;
  /** Resolves when no request is under way in either direction; one that waits for news does not count. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export function createTelegram({ clock, bots, seed = 1 }: TelegramOptions): Telegram {
  const random = createRandom(seed);
  const inFlight = createInFlight();
  const journal = createJournal(clock, "telegram");
  const faults = createFaults((down) => (down ? stopListening() : listenAgain()));
  const changes = new Set<() => void>();
  const calls = new Set<CallListener>();
  let port = 0;

  const world: World = {
    clock,
    random,
    faults,
    limits: { perBot: null, perChat: null },
    bots: bots.map((account) => createBot(account, random)),
    users: new Map(),
    chats: new Map(),
    files: createFiles(random),
    sent: [],
    reach: (url) => telegram.reach(url),
    updates: createUpdates({ clock, random, faults, journal, inFlight, reach: (url) => telegram.reach(url) }),
    changed(chat) {
      for (const listener of [...changes, ...chat.listeners]) listener();
    },
  };
  const app = createServer({
    world,
    journal,
    inFlight,
    onCall: (...told) => calls.forEach((listener) => listener(...told)),
  });
  const stopListening = () => void app.server.close();
  const listenAgain = () => void app.server.listen(port, "127.0.0.1");

  const telegram: Telegram = {
    get url() {
      return `http://127.0.0.1:${port}`;
    },
    faults,
    limits: world.limits,
    bots: world.bots,
    sent: world.sent,
    journal,
    tapView: "whole",
    reach: (url) => url,
    async listen(wanted = 0) {
      await app.listen({ port: wanted, host: "127.0.0.1" });
      port = (app.server.address() as AddressInfo).port;
      return telegram.url;
    },
    person(id, username = world.bots[0]!.username) {
      const bot = world.bots.find((one) => one.username === username);
      if (!bot) throw new Error(`There is no bot ${username}.`);
      return createHands(world, chatOf(world, bot, userOf(world, id)), () => telegram.tapView);
    },
    onCall: (listener) => void calls.add(listener),
    onUpdate: (listener) => world.updates.onUpdate(listener),
    onChange(listener) {
      changes.add(listener);
      return () => changes.delete(listener);
    },
    clearFaults: () => clearFaults(faults),
    inFlight,
    idle: () => inFlight.idle(),
    async close() {
      world.updates.close();
      await app.close();
    },
  };
  return telegram;
}
