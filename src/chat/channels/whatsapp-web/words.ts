/** What everybody reads who connects, links or starts this: in the log, in the API, on the page in docs. */
export const WARNING =
  "WhatsApp Web is used here through an unofficial client, which breaks WhatsApp's terms of service. " +
  "Accounts used this way are often banned, for good and without warning, checks of numbers included. " +
  "Use a number whose loss does not matter, never the company's own.";

const HALTED: Record<number, string> = {
  1: "The package @whiskeysockets/baileys is not installed. Install without --omit=optional, then resume.",
  2: "Another telephone was linked than the one of this connection. Link it with the telephone of its own number.",
  401: "The account was logged out on its telephone. Link it again.",
  403: "WhatsApp has banned the account. Nothing is tried any more; use another number, or resume if the ban was lifted.",
  411: "The account's telephone does not take part in linked devices. Update WhatsApp there and link it again.",
  440: "Another program uses the same link. Stop it, then resume.",
};

/** Why a line stays where it is until a person decides. */
export const haltedWords = (code: number): string =>
  HALTED[code] ?? `WhatsApp ended the connection with the code ${code}. Link the account again.`;

export const UNREACHABLE_WORDS = "WhatsApp Web cannot be reached. Detour keeps trying.";

export const BLIND_WORDS =
  "WhatsApp no longer tells this account who is registered: a number that is surely registered was not seen. " +
  "Checks are not believed until it is seen again; callers are asked by the message itself.";

export const BROKEN_WORDS =
  "Checks of numbers over WhatsApp Web fail too often and pause. Callers are asked by the message itself.";

export const SHUT_WORDS =
  "The keys of the link cannot be opened. Set SECRETS_KEY to the key that sealed them, or link the account again.";
