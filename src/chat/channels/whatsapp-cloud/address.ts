import { readPhone } from "#kit";
import type { PhoneNumber } from "#kit";

/** A business-scoped user id: how WhatsApp names a person who hides the phone number. */
const USER_ID = /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/;
const WA_ID = /^\d{5,20}$/;

/** How a person is named in a request: `to` for a phone, `recipient` for a business-scoped user id. */
export function recipientOf(id: string): { to: string } | { recipient: string } {
  if (USER_ID.test(id)) return { recipient: id };
  /** Without the plus Meta would put the business number's country code in front. */
  return { to: WA_ID.test(id) ? `+${id}` : id };
}

/** The WhatsApp id expected for a phone; Meta may answer with another one, which then holds. */
export const waIdOf = (phone: PhoneNumber): string => phone.replace(/^\+/, "");

/** The phone behind a WhatsApp id; null for a user id and for digits that are no number. */
export function phoneOf(id: string | undefined): PhoneNumber | null {
  if (id === undefined || !WA_ID.test(id)) return null;
  const known = phones.get(id);
  if (known !== undefined) return known;
  const phone = readPhone(`+${id}`);
  if (phones.size >= MOST_REMEMBERED) phones.clear();
  phones.set(id, phone);
  return phone;
}

/** Parsing a number costs more than all the rest of reading a message, and people write and get reports many times. */
const phones = new Map<string, PhoneNumber | null>();
const MOST_REMEMBERED = 10_000;
