import type { Checked, Connection, ConnectionKind } from "#company";
import type { CarrierTrouble, SmsCarrier } from "./carrier.ts";
import { smsAccount, type SmsAccount } from "./settings.ts";

interface Deps {
  kind: string;
  path: string;
  carrier: SmsCarrier;
  fromEnvironment: SmsAccount | null;
  use(connections: Connection<SmsAccount>[]): void;
}

/** How a sender of text messages is connected; the Twilio account itself is the telephone's. */
export const smsKind = ({ kind, path, carrier, fromEnvironment, use }: Deps): ConnectionKind<SmsAccount> => ({
  kind,
  schema: smsAccount,
  secrets: [],
  accountOf: ({ number }) => number,
  fromEnvironment,
  use,

  async check({ number }): Promise<Checked> {
    const known = await carrier.hasNumber(number);
    if (known === true) return { ok: true, facts: { number } };
    return { ok: false, sentence: known === false ? UNKNOWN : troubleIn(known) };
  },

  addresses: (_connection, publicUrl) => [{ what: "A message comes in", url: publicUrl + path }],
});

const UNKNOWN =
  "This number is not among the numbers of the Twilio account. Take one of its numbers from the Twilio console.";

function troubleIn(trouble: CarrierTrouble): string {
  const words = trouble.kind === "answered" ? `${trouble.code ?? trouble.status}: ${trouble.words}` : trouble.code;
  return `Twilio did not answer for SMS (${words}). Check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.`;
}
