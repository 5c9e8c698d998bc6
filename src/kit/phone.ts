import { isSupportedCountry, parsePhoneNumberFromString, type CountryCode } from "libphonenumber-js/max";

/** A full international number, `+` and digits (E.164). */
export type PhoneNumber = string & { readonly __brand: "PhoneNumber" };

export type LineKind = "mobile" | "landline" | "toll-free" | "other";

/** What a caller id tells about the line it came from. */
export type CallerId =
  | { kind: "hidden" }
  | { kind: "unusable"; raw: string }
  | { kind: "number"; phone: PhoneNumber; line: LineKind };

/** The country assumed for numbers written without a country code, as ISO 3166 spells it. */
export type Region = CountryCode;

/** True for a country whose numbers we can read. */
export const isRegion = (text: string): text is Region => isSupportedCountry(text);

const HIDDEN_WORDS = new Set(["", "anonymous", "restricted", "unavailable", "unknown", "blocked", "private"]);

/**
 * Keypad spellings of the words above that carriers pass as numbers. `+7378742833` looks Russian,
 * so this list is asked before any parser (docs/voice.md).
 */
const HIDDEN_NUMBERS = new Set(["266696687", "7378742833", "86282452253", "8656696", "2562533"]);

/** Reads what a telephone provider gave as the caller. Never throws. */
export function readCallerId(raw: string, region: Region = "RU"): CallerId {
  const text = raw.trim();
  if (HIDDEN_WORDS.has(text.toLowerCase())) return { kind: "hidden" };
  if (HIDDEN_NUMBERS.has(text.replace(/^\+/, ""))) return { kind: "hidden" };
  if (/^(sip|client):/i.test(text)) return { kind: "unusable", raw: text };
  if (/^\+?\d{1,6}$/.test(text)) return { kind: "unusable", raw: text };
  const parsed = parse(text, region);
  return parsed ?? { kind: "unusable", raw: text };
}

/** A number somebody typed or keyed in, as E.164; null when it is not a number that exists. */
export function readPhone(text: string, region: Region = "RU"): PhoneNumber | null {
  const caller = readCallerId(text, region);
  return caller.kind === "number" ? caller.phone : null;
}

/** True when a messenger account may live on this line; unknown kinds are given the benefit of the doubt. */
export const mayHaveMessenger = (caller: CallerId): boolean =>
  caller.kind === "number" && (caller.line === "mobile" || caller.line === "other");

/** `+7916•••1234`: enough for a person to recognise, too little for a log to leak. */
export const maskPhone = (phone: string): string =>
  phone.length < 9 ? "•••" : `${phone.slice(0, phone.length - 7)}•••${phone.slice(-4)}`;

function parse(text: string, region: Region): CallerId | null {
  const number = parsePhoneNumberFromString(text, region);
  if (!number?.isValid()) return null;
  return { kind: "number", phone: number.number as PhoneNumber, line: lineKind(number.getType()) };
}

function lineKind(type: string | undefined): LineKind {
  switch (type) {
    case "MOBILE":
      return "mobile";
    case "FIXED_LINE":
      return "landline";
    case "TOLL_FREE":
      return "toll-free";
    default:
      return "other";
  }
}
