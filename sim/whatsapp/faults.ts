import { createLine } from "../kit/line.ts";

/** Kinds of webhooks that can be lost one by one. */
export type WebhookKind = "sent" | "delivered" | "read" | "failed" | "message" | "account";

/** What goes wrong on purpose. Change any field at any moment. */
export interface WhatsAppFaults {
  /** Requests Meta makes to the application. */
  callbacks: {
    /** How late every webhook starts. */
    delayMs: number;
    /** How many more times every webhook is sent. */
    extraCopies: number;
    /** Kinds that are never sent. */
    drop: WebhookKind[];
    /** Every webhook waits a random time up to this, so they overtake each other. */
    shuffleMs: number;
  };
  /** Requests the application makes to Meta. */
  api: {
    /** How long every answer takes; the request is carried out at once. */
    delayMs: number;
    /** Refuse with this status instead of carrying out. */
    status: 429 | 500 | 503 | null;
    /** Refuse with this error code instead of carrying out; together with `status` or alone (400). */
    errorCode: number | null;
    /** Refuse with `status` alone and no body, as a proxy in front of Meta does. */
    empty: boolean;
    /** Carry out, then break the connection instead of answering. */
    cutAfterAccept: boolean;
    /** Break the connection without carrying out. */
    cutBeforeAccept: boolean;
    /** How likely `status`, `errorCode` and the cuts strike. */
    chance: number;
    /** Nobody listens: connections are refused. */
    down: boolean;
  };
  /** Files that the application fetches and gives. */
  media: {
    /** Meta has no file with this id any more. */
    gone: boolean;
    /** Addresses of files are stale as soon as they are given out. */
    staleAddresses: boolean;
    /** Answer downloads with this status. */
    status: 404 | 429 | 500 | null;
    /** Break downloads off in the middle. */
    cut: boolean;
    /** Give out other bytes than were announced. */
    garbled: boolean;
    /** Answer downloads with a redirect to here. */
    redirectTo: string | null;
    /** Give out an address of this host. */
    elsewhere: string | null;
    /** How long downloads and uploads take to begin. */
    delayMs: number;
  };
  /** WhatsApp ids that have no account: messages to them fail with 131026. */
  notOnWhatsApp: Set<string> | ((waId: string) => boolean);
  /** Whether 131026 comes as an answer to the send or later as a `failed` status. */
  notOnWhatsAppBy: "webhook" | "answer";
  /** The customer's phone is off: messages stop at `sent`. */
  neverDelivered: boolean;
}

/** Sets every field back in place, so that whoever holds the faults sees it. */
export function clearFaults(faults: WhatsAppFaults): void {
  Object.assign(faults.callbacks, { delayMs: 0, extraCopies: 0, drop: [], shuffleMs: 0 });
  Object.assign(faults.api, {
    delayMs: 0,
    status: null,
    errorCode: null,
    empty: false,
    cutAfterAccept: false,
    cutBeforeAccept: false,
    chance: 1,
    down: false,
  });
  Object.assign(faults.media, {
    gone: false,
    staleAddresses: false,
    status: null,
    cut: false,
    garbled: false,
    redirectTo: null,
    elsewhere: null,
    delayMs: 0,
  });
  faults.notOnWhatsApp = new Set();
  faults.notOnWhatsAppBy = "webhook";
  faults.neverDelivered = false;
}

/** Nothing goes wrong. `onDown` is told whenever `api.down` changes. */
export function createFaults(onDown: (down: boolean) => void): WhatsAppFaults {
  const faults = {
    callbacks: {},
    media: {},
    api: createLine(onDown),
  } as WhatsAppFaults;
  clearFaults(faults);
  return faults;
}

/** True when this id has no WhatsApp account today. */
export const isMissing = ({ notOnWhatsApp }: WhatsAppFaults, waId: string): boolean =>
  typeof notOnWhatsApp === "function" ? notOnWhatsApp(waId) : notOnWhatsApp.has(waId);
