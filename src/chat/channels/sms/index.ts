import type { Connection, ConnectionKind } from "#company";
import type { SettingsOf } from "#config";
import type { Database } from "#db";
import type { Clock, PhoneNumber } from "#kit";
import type { Abilities, Channel, ChannelEvent, OutboundContent, SendOutcome, Webhook } from "../../channel.ts";
import { createAllowance } from "./allowance.ts";
import type { SmsCarrier } from "./carrier.ts";
import { smsKind } from "./connections.ts";
import { outcomeOf } from "./outcome.ts";
import { readForm } from "./read.ts";
import { accountFrom, type SmsAccount, type smsSettings } from "./settings.ts";

export { smsSettings } from "./settings.ts";

const NAME = "sms";
const PATH = `/channels/${NAME}/webhook`;

/** A message that comes later is no help to a caller. */
const VALID_SECONDS = 600;

const abilities: Abilities = {
  freeTextWindowMs: null,
  writesFirst: "freely",
  buttons: { most: 0, titleLength: 0 },
  list: { mostRows: 0, titleLength: 0, descriptionLength: 0 },
  textLength: 1600,
  invitesByLink: true,
  asksPhone: false,
  tellsBlocks: false,
  showsTyping: false,
  media: null,
  budget: { perSecond: 1, perCustomer: { everyMs: 5000, burst: 3 } },
};

interface Deps {
  db: Database;
  clock: Clock;
  carrier: SmsCarrier;
  publicUrl: string;
}

/** Text messages: the way to those who have no messenger yet, and to a link into one. */
export function createSms(
  settings: SettingsOf<typeof smsSettings>,
  { db, clock, carrier, publicUrl }: Deps,
): { channel: Channel; connections: ConnectionKind<SmsAccount> } {
  const allowance = createAllowance(db, clock);
  let senders = new Map<string, Connection<SmsAccount>>();
  /** All numbers share one address; one that names an account was never given to Twilio. */
  const signed = (webhook: Webhook) => (webhook.account === null ? carrier.readSigned(signedPart(webhook)) : null);

  const channel: Channel = {
    name: NAME,
    abilities,
    accounts: () => [...senders.keys()],

    account(account) {
      const sender = senders.get(account);
      return sender ? { brand: sender.brand, invites: true, perSecond: null, inviteTemplate: null } : null;
    },

    isGenuine: (webhook) => signed(webhook) !== null,
    greet: () => null,

    read(webhook) {
      const form = signed(webhook);
      return form && (readForm(form, webhook.query, clock.now())?.map(onlyOurs) ?? null);
    },

    addressFor: (account, phone) => ({ channel: NAME, account, id: phone }),

    async send({ id, to, content }) {
      const sender = senders.get(to.account);
      if (!sender) return GONE;
      const refused = await allowance.take(to.id as PhoneNumber, sender.settings);
      if (refused) return { kind: "refused", because: "not-allowed", ...refused };
      const statusCallback = `${publicUrl}${PATH}?message=${id}`;
      const body = bodyOf(content);
      return outcomeOf(
        await carrier.sendSms({ to: to.id, from: to.account, body, statusCallback, validityPeriod: VALID_SECONDS }),
      );
    },

    async acknowledge() {},
    async close() {},
  };

  const onlyOurs = (event: ChannelEvent): ChannelEvent => {
    const { account, lane, dedupe, at } = event;
    return senders.has(account) ? event : { account, lane, dedupe, at, kind: "ignored", what: "another-number" };
  };

  const connections = smsKind({
    kind: NAME,
    path: PATH,
    carrier,
    fromEnvironment: accountFrom(settings),
    use: (next) => void (senders = new Map(next.map((connection) => [connection.account, connection]))),
  });
  return { channel, connections };
}

const GONE: SendOutcome = {
  kind: "refused",
  because: "not-allowed",
  code: "account_gone",
  words: "The number this conversation belongs to is no longer connected.",
};

/** What Twilio signs: our path with the query we gave it, and nothing a stranger may have added. */
function signedPart({ headers, query, rawBody }: Webhook) {
  const message = query["message"];
  const path = message === undefined ? PATH : `${PATH}?message=${message}`;
  return { path, signature: headers["x-twilio-signature"], body: rawBody };
}

/** There are no buttons in a text message: what could be tapped is listed. */
function bodyOf(content: OutboundContent): string {
  const choices = content.kind === "buttons" || content.kind === "list" ? content.choices : [];
  return [content.text, ...choices.map(({ title }) => `– ${title}`)].join("\n").slice(0, abilities.textLength);
}
