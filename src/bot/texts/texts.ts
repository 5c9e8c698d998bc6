import type { OrderStatus } from "#crm";
import type { Locale } from "#kit";
import { en } from "./en.ts";
import { kk } from "./kk.ts";
import { ru } from "./ru.ts";

/** The facts of one order, already put into words of the language; null is left unsaid. */
export interface OrderFacts {
  number: string;
  /** Null when the person may not know. */
  items: string | null;
  status: OrderStatus;
  /** "сегодня до 14:00": when it is promised, and still to come. */
  due: string | null;
  /** "20 ноября": it was promised and the time has passed. */
  overdue: string | null;
  place: string | null;
  total: string | null;
}

/** Everything the bot says by itself; answers to questions live in the knowledge. */
export interface BotTexts {
  yesThanks: string;
  askPerson: string;
  didThatHelp: string;
  didYouMean: string;
  rephrase: string;
  rejected: string;
  wordsPlease: string;
  greeting: string;
  robot: string;
  finished: string;
  callBack: string;
  handOff: {
    complaint: string;
    repeatedMiss: string;
    mediaOnly: string;
    crmUnavailable: string;
    noAnswer: string;
    noOrder: string;
    noPhone: string;
    strangers: string;
  };
  order: {
    askNumber: string;
    notFound(number: string): string;
    tell(facts: OrderFacts): string;
    /** Opens a list of several open orders. */
    several: string;
    more(count: number): string;
    /** Said when the order belongs to another number than the one that writes. */
    onlyStatus: string;
    today: string;
    tomorrow: string;
    before(day: string, time: string): string;
  };
}

/** The catalogue of a language. */
export const textsIn = (language: Locale): BotTexts => ({ ru, en, kk })[language];
