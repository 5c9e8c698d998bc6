import { maskPhone, readPhone } from "#kit";

/** Some messengers know our own end by its telephone number; no number leaves this process whole. */
export const accountName = (account: string): string => (readPhone(account) === null ? account : maskPhone(account));
