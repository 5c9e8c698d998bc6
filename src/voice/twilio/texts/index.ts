import type { Locale } from "#kit";
import { en } from "./en.ts";
import { kk } from "./kk.ts";
import { ru } from "./ru.ts";

/** What the telephone says by itself, without the call flow. */
export interface VoiceTexts {
  /** Said by the document that works while we do not. */
  allBusy: string;
}

export const voiceTexts: Record<Locale, VoiceTexts> = { ru, en, kk };
