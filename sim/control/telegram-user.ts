import type { Locale, PhoneNumber } from "#kit";
import type { Hands } from "../telegram/index.ts";
import type { Stage } from "./session.ts";

export type TelegramAct = "start" | "share-contact" | "block";

interface Caller {
  number: PhoneNumber;
  locale: Locale;
  name: string;
}

/** The caller's Telegram: the same person as on the phone and in WhatsApp. */
export interface TelegramUser {
  hands: Hands;
  tap(choice: string): void;
  /** Start opens the link that an operator would send in the chat, when there is a chat. */
  act(act: TelegramAct, conversationId: string | null): Promise<void>;
}

export function createTelegramUser({ telegram, product }: Stage, { number, locale, name }: Caller): TelegramUser {
  const hands = telegram.person(Number(number.slice(-10)));
  const [firstName = name, lastName = null] = name.split(" ");
  Object.assign(hands.user, { phone: number.slice(1), firstName, lastName, languageCode: locale });

  async function start(conversationId: string | null): Promise<void> {
    const url = conversationId && !hands.started ? await product.linkInto(conversationId, "telegram") : null;
    hands.start((url && new URL(url).searchParams.get("start")) ?? undefined);
  }

  return {
    hands,
    tap(choice) {
      const holder = hands.inbox.findLast(({ buttons }) => buttons.some(({ data }) => data === choice));
      if (holder) hands.tap(holder.id, choice);
    },
    async act(act, conversationId) {
      if (act === "start") return start(conversationId);
      if (act === "share-contact") return void hands.shareContact();
      hands.block();
    },
  };
}
