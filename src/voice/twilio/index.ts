/** The door of `voice/twilio`: Twilio Programmable Voice behind the telephone port. */
import { locales, type Clock } from "#kit";
import type { CallHandler, Telephone, VoiceDocument } from "#voice";
import type { FastifyPluginAsync } from "fastify";
import { createAddresses } from "./addresses.ts";
import type { VoiceLog } from "./answering.ts";
import { assetRoutes } from "./assets.ts";
import { createTelephone } from "./rest.ts";
import { webhookRoutes } from "./routes.ts";
import type { TwilioSettings } from "./settings.ts";
import { loadRecordings } from "./recordings.ts";
import { loadHoldMusic } from "./sounds.ts";
import { voiceTexts } from "./texts/index.ts";
import { renderFallback, type Voices } from "./twiml.ts";

export { twilioSettings, type TwilioSettings } from "./settings.ts";

export { recordingName, sentencesOf } from "./recordings.ts";

export interface TwilioVoiceDeps {
  settings: TwilioSettings;
  /** Where Twilio reaches us: scheme, host and path prefix, without a slash at the end. */
  publicUrl: string;
  /** The call flow; asked at each webhook, so that it may be made after the telephone. */
  handler: () => CallHandler;
  log: VoiceLog;
  clock: Clock;
}

export interface TwilioVoice {
  telephone: Telephone;
  /** The webhooks, the recordings and the fallback document, with their whole paths. */
  routes: FastifyPluginAsync;
  /** The document to install outside (a TwiML Bin), so that callers keep a place while all of us are dead. */
  fallbackDocument(): string;
}

/** The telephone through Twilio. Throws `StartError` when the hold music cannot be read. */
export function createTwilioVoice({ settings, publicUrl, handler, log, clock }: TwilioVoiceDeps): TwilioVoice {
  const addresses = createAddresses(publicUrl);
  const voices = voicesFrom(settings);
  const recordings = loadRecordings(settings.VOICE_RECORDINGS);
  const sounds = new Map([...recordings, ["hold-music", loadHoldMusic(settings.VOICE_HOLD_MUSIC)]]);
  const fallbackDocument = () => renderFallback(whileDead(handler()), voices);
  const webhooks = webhookRoutes({
    accountSid: settings.TWILIO_ACCOUNT_SID ?? "",
    authTokens: [settings.TWILIO_AUTH_TOKEN, settings.TWILIO_AUTH_TOKEN_OLD],
    publicUrl,
    rendering: { addresses, voices, sounds },
    handler,
    log,
    clock,
  });

  return {
    telephone: createTelephone({ settings, addresses, log }),
    routes: async (app) => {
      await app.register(webhooks);
      await app.register(assetRoutes(sounds, fallbackDocument));
    },
    fallbackDocument,
  };
}

/** Speech is understood in the languages Twilio knows; elsewhere keys answer. */
const voicesFrom = (settings: TwilioSettings): Voices => ({
  ru: { voice: settings.VOICE_RU, language: "ru-RU", listens: true },
  en: { voice: settings.VOICE_EN, language: "en-US", listens: true },
  kk: {
    voice: settings.VOICE_KK,
    language: settings.VOICE_KK_LANGUAGE,
    listens: settings.VOICE_KK_LANGUAGE.startsWith("kk"),
  },
});

/** Every language, then the queue the call flow itself falls back to. */
function whileDead(handler: CallHandler): VoiceDocument {
  const words = locales.map((locale) => ({ do: "say" as const, text: voiceTexts[locale].allBusy, locale }));
  const places = handler.fallback("arrived").filter((step) => step.do === "enqueue");
  return [...words, ...places.slice(0, 1)];
}
