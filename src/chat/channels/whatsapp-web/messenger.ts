import { later, seconds, type Clock, type Json } from "#kit";
import type { Abilities, Channel, Choice, OutboundContent, SendOutcome } from "../../channel.ts";
import type { Accounts } from "./accounts.ts";
import type { Desk, Done } from "./desk.ts";
import { jidOf } from "./worker/jid.ts";
import { readName } from "./worker/names.ts";
import type { Log } from "./line.ts";

export const NAME = "whatsapp-web";

/** What a person with a telephone can do, and no faster. Invites need a setting of their own: see `accounts.ts`. */
const abilities: Abilities = {
  writesFirst: "freely",
  freeTextWindowMs: null,
  buttons: { most: 0, titleLength: 0 },
  list: { mostRows: 0, titleLength: 0, descriptionLength: 0 },
  textLength: 4096,
  asksPhone: false,
  tellsBlocks: false,
  showsTyping: true,
  media: null,
  budget: { perSecond: 1, perCustomer: { everyMs: 2000, burst: 5 } },
};

interface Deps {
  accounts: Accounts;
  desk: Pick<Desk, "ask">;
  clock: Clock;
  log: Log;
  close(): Promise<void>;
}

/** Longer than the line waits for WhatsApp's acknowledgement. */
const SEND_PATIENCE = seconds(15);
const READ_PATIENCE = seconds(5);
const TRY_AGAIN = seconds(10);

/** WhatsApp Web as a messenger. Nothing comes by webhook: the line itself hands over what it hears. */
export function createMessenger({ accounts, desk, clock, log, close }: Deps): Channel {
  return {
    name: NAME,
    abilities,
    accounts: accounts.talking,
    account: accounts.traits,
    isGenuine: () => false,
    greet: () => null,
    read: () => null,
    addressFor: (account, phone) => ({ channel: NAME, account, id: jidOf(phone.slice(1)) }),

    async send({ id, to, content }) {
      if (!accounts.traits(to.account)) return GONE;
      const message = { id, to: to.id, text: textOf(content) };
      const until = later(clock.now(), SEND_PATIENCE);
      return outcomeOf(await desk.ask<SendOutcome & Json>(to.account, { do: "send", message }, until));
    },

    async acknowledge({ account, providerId, typing }) {
      const name = readName(providerId);
      if (!name || !accounts.traits(account)) return;
      const until = later(clock.now(), READ_PATIENCE);
      const done = await desk.ask(account, { do: "acknowledge", ...name, typing }, until);
      if (done.kind !== "done") log.warn({ channel: NAME, how: done.kind }, "a message could not be marked as read");
    },

    close,
  };
}

function outcomeOf(done: Done<SendOutcome & Json>): SendOutcome {
  if (done.kind === "done") return done.answer;
  if (done.kind === "silence") return { kind: "unclear", words: "the line did not say what became of the message" };
  return { kind: "busy", retryAfterMs: TRY_AGAIN, alarm: "The WhatsApp Web account is not connected." };
}

/** Choices as lines of the text: there are no buttons here, and the bot understands their words. */
function textOf(content: OutboundContent): string {
  if (content.kind !== "buttons" && content.kind !== "list") return content.text;
  return [content.text, ...content.choices.map(lineOf)].join("\n");
}

const lineOf = ({ title }: Choice) => `• ${title}`;

const GONE: SendOutcome = {
  kind: "refused",
  because: "not-allowed",
  code: "account_gone",
  words: "The WhatsApp Web account this conversation belongs to is no longer connected.",
};
