import { textsToRecord } from "#ivr";
import { locales, type Locale } from "#kit";
import { recordingName, sentencesOf } from "#voice/twilio";

/**
 * Prints what to record for VOICE_RECORDINGS, a line each: the name of the file, a tab, the sentence.
 * node scripts/prompts.ts kk "Kubik & Co"
 */
const [locale = "", company = ""] = process.argv.slice(2);
if (!locales.includes(locale as Locale)) {
  console.error(`Name a language: ${locales.join(", ")}. Then the company, as callers hear it.`);
  process.exit(1);
}
const sentences = new Set(textsToRecord(locale as Locale, company).flatMap(sentencesOf));
for (const sentence of sentences) console.log(`${recordingName(sentence, locale as Locale)}.wav\t${sentence}`);
