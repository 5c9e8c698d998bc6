import { unreachable } from "#kit";
import type { OperatorLeg, PullOut, Telephone } from "#voice";
import type { Addresses } from "./addresses.ts";
import type { VoiceLog } from "./answering.ts";
import { createDialling } from "./dialling.ts";
import { createQueued } from "./queued.ts";
import { createRestClient } from "./rest-client.ts";
import type { TwilioSettings } from "./settings.ts";
import { isGone, readTrouble, type Trouble } from "./trouble.ts";

interface TelephoneDeps {
  settings: TwilioSettings;
  addresses: Addresses;
  log: VoiceLog;
}

/** How long an operator's phone rings; Twilio may add 5 s. */
const RING_SECONDS = 25;

/** What we ask of Twilio through its API. Nothing is ever repeated here. */
export function createTelephone({ settings, addresses, log }: TelephoneDeps): Telephone {
  const account = createRestClient(settings).api.v2010.accounts(settings.TWILIO_ACCOUNT_SID ?? "");
  const noted = (asked: string, error: unknown): Trouble => {
    const trouble = readTrouble(error);
    const { kind, code } = trouble;
    log.warn(
      { asked, kind, code, ...(kind === "answered" && { status: trouble.status }) },
      "Twilio did not do as asked.",
    );
    return trouble;
  };

  return {
    name: "twilio",
    connected: settings.TWILIO_ACCOUNT_SID !== undefined,

    async pullOut({ providerQueue, providerCall }: PullOut) {
      try {
        // The Members endpoint cannot tear the caller away from an operator who picked up a moment ago.
        await account.queues(providerQueue).members(providerCall).update({ url: addresses.pulledOut, method: "POST" });
        return "done";
      } catch (error) {
        return notPulledOut(noted("pull-out", error));
      }
    },

    async ringOperator({ endpoint, reference }: OperatorLeg) {
      try {
        const call = await account.calls.create({
          to: endpoint,
          from: settings.TWILIO_NUMBER ?? "",
          url: addresses.operator(reference),
          method: "POST",
          statusCallback: addresses.operatorStatus(reference),
          statusCallbackMethod: "POST",
          statusCallbackEvent: ["completed"],
          timeout: RING_SECONDS,
        });
        return { kind: "ringing", providerCall: call.sid };
      } catch (error) {
        return notRinging(noted("ring-operator", error));
      }
    },

    ...createDialling({ account, settings, addresses, noted }),
    ...createQueued({ account, noted }),

    async check() {
      try {
        const [number] = await account.incomingPhoneNumbers.list({
          phoneNumber: settings.TWILIO_NUMBER ?? "",
          limit: 1,
        });
        if (!number) return { ok: false, sentence: NUMBER_UNKNOWN };
        const asOurs = (address: string, ours: string) =>
          address === "" ? "missing" : withoutFragment(address) === withoutFragment(ours) ? "ours" : "another";
        return {
          ok: true,
          facts: {
            voiceUrl: asOurs(number.voiceUrl, addresses.incoming),
            statusCallback: asOurs(number.statusCallback, addresses.status),
            fallbackUrl: number.voiceFallbackUrl ? "installed" : "missing",
          },
        };
      } catch (error) {
        return { ok: false, sentence: sentenceOf(noted("check", error), settings.TWILIO_BASE_URL) };
      }
    },
  };
}

function notPulledOut(trouble: Trouble): "gone" | "busy" | "unclear" {
  switch (trouble.kind) {
    case "answered":
      return isGone(trouble) ? "gone" : "busy";
    case "not-connected":
      return "busy";
    case "unclear":
      return "unclear";
    default:
      return unreachable(trouble);
  }
}

/** A 5xx may have rung the phone; every other refusal has not. */
function notRinging(trouble: Trouble): { kind: "refused"; words: string } | { kind: "unclear" } {
  switch (trouble.kind) {
    case "answered":
      if (trouble.status >= 500) return { kind: "unclear" };
      return { kind: "refused", words: [trouble.code ?? trouble.status, trouble.words].join(": ") };
    case "not-connected":
      return { kind: "refused", words: trouble.code };
    case "unclear":
      return { kind: "unclear" };
    default:
      return unreachable(trouble);
  }
}

const NUMBER_UNKNOWN =
  "TWILIO_NUMBER is not among the numbers of this Twilio account. Take one of its numbers from the Twilio console into .env.";

function sentenceOf(trouble: Trouble, baseUrl: string): string {
  if (trouble.kind !== "answered") {
    return `Twilio does not answer at ${baseUrl} (${trouble.code}). Check the network and TWILIO_BASE_URL.`;
  }
  if (trouble.status === 401 || trouble.status === 403) {
    return "Twilio does not accept the account. Copy TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN from the Twilio console into .env.";
  }
  return `Twilio answered ${trouble.status}: ${trouble.words}. Try again, and look at status.twilio.com when it stays.`;
}

const withoutFragment = (address: string) => address.split("#", 1)[0];
