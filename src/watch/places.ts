import { createHash } from "node:crypto";

/** Where a span stands: known from our own ids alone, so that any process can point at the span of another. */
export interface Place {
  traceId: string;
  spanId: string;
}

/** The trace of a thing with a UUID is that UUID; of anything else a hash of its name. */
function place(step: string, thing: string): Place {
  const bare = thing.replaceAll("-", "");
  return {
    traceId: /^[0-9a-f]{32}$/.test(bare) ? bare : hash(thing, 32),
    spanId: hash(`${step} ${thing}`, 16),
  };
}

const hash = (text: string, digits: number) => createHash("sha256").update(text).digest("hex").slice(0, digits);

/** An event of a provider being stored, and its row of the inbox being worked on. */
export const webhookPlace = (inboxId: string): Place => place("webhook", inboxId);
export const inboxPlace = (inboxId: string): Place => place("inbox", inboxId);
/** What is answered to one burst of one conversation. */
export const decisionPlace = (conversationId: string, burst: number): Place =>
  place("decision", `${conversationId} ${burst}`);
/** The first attempt to send a message; later ones are its children. */
export const sendPlace = (messageId: string, attempt = 1): Place =>
  place(attempt === 1 ? "send" : `send ${attempt}`, messageId);
/** One request about a call; the first, its arrival, is the parent of all others. */
export const callPlace = (providerCall: string, step: string): Place => {
  const { traceId } = place("call", providerCall);
  return { traceId, spanId: place(step, providerCall).spanId };
};
