import { readPhone } from "#kit";

/** The shortest password an account may have (ASVS 6.2.1). */
export const MIN_PASSWORD = 8;

/** Emails are compared in one spelling. */
export const emailKey = (email: string): string => email.trim().toLowerCase();

const ENDPOINT = /^(client:[\w.+@-]{1,100}|sip:[\w.+-]{1,64}@[\w.-]{1,253}(:\d{1,5})?)$/;

/** Where an operator takes calls: a number as E.164, `client:name` or `sip:user@host`; null when it is none of them. */
export const readEndpoint = (text: string): string | null => {
  const trimmed = text.trim();
  return ENDPOINT.test(trimmed) ? trimmed : readPhone(trimmed);
};
