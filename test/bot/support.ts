import { createBot } from "#bot";
import { seedKnowledge } from "../../src/bot/seed/index.ts";
import type { Bot, Intent, Turn } from "#bot";
import type { Crm, Order } from "#crm";
import { createSettableClock, inEveryLanguage, instant } from "#kit";
import type { Json, Locale, PhoneNumber } from "#kit";

/** 21 November 2026, 10:00 in Moscow. */
const NOW = instant(Date.UTC(2026, 10, 21, 7));
export const OWN = "+79000000142" as PhoneNumber;
export const OTHER = "+79000000999" as PhoneNumber;

type Kept = Order & { phone: PhoneNumber | null };

/** The scooter of the story: with the courier, promised today before 14:00. */
export const scooter: Kept = {
  number: "48213",
  status: "with-courier",
  items: ["Rolly 3-in-1 scooter"],
  total: 499_000,
  currency: "RUB",
  promisedAt: instant(Date.UTC(2026, 10, 21, 11)),
  place: "12 Forest Street",
  placedAt: instant(Date.UTC(2026, 10, 18)),
  phone: OWN,
};

/** The scooter's order with something different about it. */
export const orderLike = (different: Partial<Kept>): Kept => ({ ...scooter, ...different });

/** A CRM that remembers what it was asked; `down` makes it unavailable. */
export function createShelf(orders: Kept[] = [], { down = false } = {}) {
  const asked: string[] = [];
  const answer = <T>(question: string, value: T | null) => {
    asked.push(question);
    if (down) return Promise.resolve({ kind: "unavailable" } as const);
    return Promise.resolve(value === null ? ({ kind: "nothing" } as const) : ({ kind: "found", value } as const));
  };
  const crm: Crm = {
    customerByPhone: () => answer("customer", null),
    ordersByPhone: (phone) =>
      answer(
        "phone",
        orders.filter((order) => order.phone === phone),
      ),
    orderByNumber: (number) => answer(number, orders.find((order) => order.number === number) ?? null),
  };
  return { crm, asked };
}

interface Talk {
  bot: Bot;
  last: Turn | null;
  say(...texts: string[]): Promise<Turn>;
  tap(choice: string): Promise<Turn>;
  sendPicture(): Promise<Turn>;
}

/** One bot with the seeds for tests of a single turn: building its index takes longer than answering. */
const reader = createBot({
  knowledge: { intents: () => Promise.resolve(seedKnowledge) },
  crm: createShelf().crm,
  clock: createSettableClock(NOW),
});

/** The turn on the first burst of a conversation. */
export const hearOnce = (locale: Locale, ...texts: string[]): Promise<Turn> =>
  reader.answer({ texts, choice: null, hasMedia: false, locale, phone: OWN, memory: null });

/** The same intent with another answer. */
export const answering = (intent: Intent, text: string): Intent => ({ ...intent, answers: inEveryLanguage(text) });

interface TalkOptions {
  locale?: Locale;
  crm?: Crm;
  phone?: PhoneNumber | null;
  knowledge?: { intents(): Promise<Intent[]> };
}

const seeds = { intents: () => Promise.resolve(seedKnowledge) };

/** One customer's conversation with the bot; memory is carried as the chat does, through JSON. */
export function createTalk({
  locale = "en",
  crm = createShelf().crm,
  phone = OWN,
  knowledge = seeds,
}: TalkOptions = {}) {
  const bot = createBot({ knowledge, crm, clock: createSettableClock(NOW) });
  const turn = async (texts: string[], choice: string | null, hasMedia: boolean): Promise<Turn> => {
    const memory = JSON.parse(JSON.stringify(talk.last?.memory ?? null)) as Json;
    talk.last = await bot.answer({ texts, choice, hasMedia, locale, phone, memory });
    return talk.last;
  };
  const talk: Talk = {
    bot,
    last: null,
    say: (...texts) => turn(texts, null, false),
    tap: (choice) => turn([], choice, false),
    sendPicture: () => turn([], null, true),
  };
  return talk;
}

export const idsOf = (turn: Turn) => turn.choices.map((choice) => choice.id);
export const titlesOf = (turn: Turn) => turn.choices.map((choice) => choice.title);
