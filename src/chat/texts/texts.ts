import type { Locale } from "#kit";
import type { MediaKind } from "../channel.ts";
import type { Score } from "../core/rating.ts";
import type { CallTime, Notice } from "../door.ts";
import { en } from "./en.ts";
import { kk } from "./kk.ts";
import { ru } from "./ru.ts";

/** Everything the chat itself says or writes into a conversation. */
export interface ChatTexts {
  /** After the bot's last words; the place counts from 1. */
  handedOver(place: number): string;
  rating: {
    bot: string;
    operator: string;
    /** Opens the list of scores; at most 20 characters. */
    button: string;
    scores: Record<Score, string>;
  };
  thanks: string;
  commentNoted: string;
  notices: Record<Notice, string>;
  /** When to expect our call; empty when nothing can be foreseen. */
  expectCall(when: CallTime): string;
  /** We will call later than promised. */
  callLater(when: CallTime): string;
  noPhoneToCall: string;
  /** Where a button can share the number; its words have at most 40 characters. */
  askPhone: { text: string; button: string };
  phoneNoted: { text: string; buttons: { title: string; choice: string }[] };
  /** The template to register with the messenger: `{{1}}` is the company, `{{2}}` the place in the queue. */
  invite: {
    body: string;
    buttons: { title: string; choice: string }[];
    /** For a channel without buttons; without links the answer is written there. */
    withLinks(shop: string, place: number, links: string[]): string;
  };
  /** After the invite where only the customer's own act shows that it has arrived. */
  inviteProof: string;
  /** What a customer who only opened the chat is taken to say. */
  hello: string;
  /** What stands in the thread where something cannot be shown as text. */
  started: string;
  ownPhone(phone: string): string;
  media: Record<MediaKind, string>;
  location: string;
  contacts: string;
  order: string;
  unsupported(what: string): string;
  deleted: string;
  /** For operators, when nothing can be sent any more. */
  blocked: string;
  /** Beside a notice that could not be sent, because the customer has not written lately. */
  notSent(text: string): string;
  /** Why a person goes on after the bot: for operators only. */
  wordsLost: string;
}

const catalogues: Record<Locale, ChatTexts> = { ru, en, kk };

/** A template's body with its variables filled in, as the customer reads it. */
export const fillTemplate = (body: string, variables: string[]): string =>
  body.replace(/\{\{(\d+)\}\}/g, (_, number: string) => variables[Number(number) - 1] ?? "");

/** The catalogue of one language. */
export const textsIn = (locale: Locale): ChatTexts => catalogues[locale];
