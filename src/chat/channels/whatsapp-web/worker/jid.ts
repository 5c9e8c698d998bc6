import { readPhone, type PhoneNumber } from "#kit";

/** `79161234567@s.whatsapp.net`, or `1234@lid` for somebody whose number is hidden; devices after a colon. */
const PERSON = /^(\d{1,20})(?::\d+)?@(s\.whatsapp\.net|lid)$/;

/** The jid of a person without the device; null for groups, channels, broadcasts and anything else. */
export function personOf(jid: string | null | undefined): string | null {
  const found = PERSON.exec(jid ?? "");
  return found ? `${found[1]}@${found[2]}` : null;
}

const CROWD = /@(g\.us|broadcast|newsletter)$/;

/** Groups, statuses and channels: nothing of them is for us. */
export const isCrowd = (jid: string): boolean => CROWD.test(jid);

export const jidOf = (number: string): string => `${number}@s.whatsapp.net`;

/** The digits of a jid that names a number. */
export const numberOf = (jid: string | null | undefined): string | null => {
  const found = PERSON.exec(jid ?? "");
  return found?.[2] === "s.whatsapp.net" ? found[1]! : null;
};

/** The phone behind a jid; null for a hidden one and for digits that are no number. */
export function phoneOf(jid: string | null | undefined): PhoneNumber | null {
  const number = numberOf(jid);
  return number === null ? null : readPhone(`+${number}`);
}
