import { readForm, type Form } from "./form.ts";
import { createRestClient } from "./rest-client.ts";
import type { TwilioSettings } from "./settings.ts";
import { isGenuine } from "./signature.ts";
import { readTrouble, type Trouble } from "./trouble.ts";

/** One text message as Twilio takes it; numbers are E.164. */
interface Sms {
  to: string;
  from: string;
  body: string;
  statusCallback: string;
  /** How long Twilio may go on trying, in seconds. */
  validityPeriod: number;
}

/** The Twilio account as rooms beside the telephone use it. Nothing is ever repeated here. */
export interface TwilioAccount {
  /** The form of a request that Twilio signed for this path of ours; null when it did not. */
  readSigned(request: { path: string; signature: string | string[] | undefined; body: Buffer }): Form | null;
  sendSms(sms: Sms): Promise<{ kind: "taken"; sid: string } | Trouble>;
  /** Whether the account has this sender; trouble when it does not answer. */
  hasNumber(number: string): Promise<boolean | Trouble>;
}

/** Opens the account of `settings`; `publicUrl` is where Twilio reaches us. */
export function openTwilioAccount(settings: TwilioSettings, publicUrl: string): TwilioAccount {
  const account = createRestClient(settings).api.v2010.accounts(settings.TWILIO_ACCOUNT_SID ?? "");
  const authTokens = [settings.TWILIO_AUTH_TOKEN, settings.TWILIO_AUTH_TOKEN_OLD];

  return {
    readSigned({ path, signature, body }) {
      const form = readForm(body);
      return form && isGenuine({ url: publicUrl + path, signature, form }, authTokens) ? form : null;
    },

    async sendSms(sms) {
      try {
        const { sid } = await account.messages.create(sms);
        return { kind: "taken", sid };
      } catch (error) {
        return readTrouble(error);
      }
    },

    async hasNumber(number) {
      try {
        return (await account.incomingPhoneNumbers.list({ phoneNumber: number, limit: 1 })).length > 0;
      } catch (error) {
        return readTrouble(error);
      }
    },
  };
}
