import type { Clock, PhoneNumber } from "#kit";
import type { Abilities, Channel, OutboundContent, Webhook } from "../../channel.ts";
import type { Allowance } from "./allowance.ts";
import type { SmsCarrier } from "./carrier.ts";
import { outcomeOf } from "./outcome.ts";
import { readForm } from "./read.ts";
import type { SmsSettings } from "./settings.ts";

export { createAllowance } from "./allowance.ts";
export { smsFrom, smsSettings } from "./settings.ts";

const NAME = "sms";
const PATH = "/channels/sms/webhook";

/** A message that comes hours later is no help to a caller. */
const VALID_SECONDS = 600;

const abilities: Abilities = {
  freeTextWindowMs: null,
  writesFirst: "freely",
  buttons: { most: 0, titleLength: 0 },
  list: { mostRows: 0, titleLength: 0, descriptionLength: 0 },
  textLength: 1600,
  showsTyping: false,
  budget: { perSecond: 1, perCustomer: { everyMs: 5000, burst: 3 } },
};

interface Deps {
  clock: Clock;
  carrier: SmsCarrier;
  allowance: Allowance;
  publicUrl: string;
}

/** Text messages: the way to those who have no messenger yet, and to a link into one. */
export function createSms(settings: SmsSettings, { clock, carrier, allowance, publicUrl }: Deps): Channel {
  const read = (webhook: Webhook) => carrier.readSigned(signedPart(webhook));

  return {
    name: NAME,
    abilities,
    isGenuine: (webhook) => read(webhook) !== null,
    greet: () => null,

    read(webhook) {
      const form = read(webhook);
      return form && readForm(form, webhook.query, clock.now());
    },

    addressFor: (phone) => ({ channel: NAME, account: settings.number, id: phone }),

    async send({ id, to, content }) {
      const refused = await allowance.take(to.id as PhoneNumber);
      if (refused) return { kind: "refused", because: "not-allowed", ...refused };
      const reply = await carrier.sendSms({
        to: to.id,
        from: to.account,
        body: bodyOf(content),
        statusCallback: `${publicUrl}${PATH}?message=${id}`,
        validityPeriod: VALID_SECONDS,
      });
      return outcomeOf(reply);
    },

    async acknowledge() {},

    async check() {
      const known = await carrier.hasNumber(settings.number);
      if (known === true) return { ok: true, facts: { number: settings.number } };
      if (known === false)
        return {
          ok: false,
          sentence:
            "SMS_NUMBER is not among the numbers of this Twilio account. Take one of its numbers from the Twilio console.",
        };
      const words = known.kind === "answered" ? `${known.code ?? known.status}: ${known.words}` : known.code;
      return {
        ok: false,
        sentence: `Twilio did not answer for SMS (${words}). Check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.`,
      };
    },

    async close() {},
  };
}

/** What Twilio signs: our path with the query we gave it, and nothing a stranger may have added. */
function signedPart({ headers, query, rawBody }: Webhook) {
  const message = query["message"];
  const path = message === undefined ? PATH : `${PATH}?message=${message}`;
  return { path, signature: headers["x-twilio-signature"], body: rawBody };
}

/** There are no buttons in a text message: what could be tapped is listed. */
function bodyOf(content: OutboundContent): string {
  if (content.kind !== "buttons" && content.kind !== "list") return content.text;
  return [content.text, ...content.choices.map(({ title }) => `– ${title}`)].join("\n");
}
