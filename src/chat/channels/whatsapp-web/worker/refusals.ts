import type { SendOutcome } from "../../../channel.ts";

type Refused = Extract<SendOutcome, { kind: "refused" }>;

/** 463: the account may not begin chats any more; trying again makes it worse. */
export const RESTRICTED = "463";
const MALFORMED = "479";

const WORDS: Record<string, string> = {
  [RESTRICTED]: "WhatsApp does not let this account write to new people.",
  [MALFORMED]: "WhatsApp refused the form of the message.",
};

/** What a code in WhatsApp's acknowledgement means. */
export const refusalFor = (code: string): Refused => ({
  kind: "refused",
  because: code === RESTRICTED ? "not-allowed" : "invalid",
  code,
  words: WORDS[code] ?? `WhatsApp refused the message with the code ${code}.`,
});

/** The number has no device to encrypt for: nobody is registered under it. */
export const notHere: Refused = {
  kind: "refused",
  because: "not-here",
  code: "no-devices",
  words: "This number is not registered with WhatsApp.",
};
