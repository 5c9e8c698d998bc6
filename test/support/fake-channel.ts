import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { hours, instant, type Instant, type PhoneNumber } from "#kit";
import type {
  Abilities,
  Account,
  Channel,
  ChannelEvent,
  FetchOutcome,
  InboundContent,
  OutboundMessage,
  SendOutcome,
  Webhook,
} from "#chat";

/** A messenger that keeps what it was sent and answers as told. */
export interface FakeChannel extends Channel {
  readonly sent: OutboundMessage[];
  /** Our own ends there; may change at any time. */
  readonly ends: Map<string, Account>;
  readonly acknowledged: { providerId: string; typing: boolean }[];
  /** What the next sends answer; without a plan every message is accepted. */
  plan(...outcomes: (SendOutcome | ((message: OutboundMessage) => Promise<SendOutcome>))[]): void;
  /** What customers' files hold, by the provider's id; what is not here is gone. */
  readonly files: Map<string, Buffer>;
  /** Which files were asked for, in order. */
  readonly fetched: string[];
  /** How the next files are answered for; without a plan they are given. */
  planFetch(...outcomes: FetchOutcome[]): void;
  /** Everything sent to one address, as texts. */
  textsTo(id: string): string[];
}

export const ACCOUNT = "acc-1";

const abilities: Abilities = {
  freeTextWindowMs: hours(24),
  writesFirst: "with-template",
  buttons: { most: 3, titleLength: 20 },
  list: { mostRows: 10, titleLength: 24, descriptionLength: 72 },
  textLength: 4096,
  showsTyping: true,
  media: {
    image: { types: ["image/jpeg", "image/png"], mostBytes: 5 * 1024 * 1024, caption: 1024 },
    voice: { types: ["audio/ogg; codecs=opus"], mostBytes: 1024 * 1024, caption: 0 },
    document: { types: ["application/pdf", "text/plain"], mostBytes: 8 * 1024 * 1024, caption: 1024 },
  },
  asksPhone: false,
  tellsBlocks: false,
  budget: { perSecond: 100_000, perCustomer: { everyMs: 6000, burst: 45 } },
};

const everyBrand: Account = { brand: null, invites: true, perSecond: null, inviteTemplate: "queue_offer" };

export function createFakeChannel(
  options: { name?: string; budget?: Abilities["budget"]; ends?: Record<string, Partial<Account>> } = {},
): FakeChannel {
  const name = options.name ?? "fake";
  const sent: OutboundMessage[] = [];
  const acknowledged: FakeChannel["acknowledged"] = [];
  const planned: Parameters<FakeChannel["plan"]> = [];
  const files = new Map<string, Buffer>();
  const fetched: string[] = [];
  const plannedFetches: FetchOutcome[] = [];
  const ends = new Map(
    Object.entries(options.ends ?? { [ACCOUNT]: {} }).map(([account, own]) => [account, { ...everyBrand, ...own }]),
  );
  let count = 0;

  return {
    name,
    abilities: { ...abilities, ...(options.budget ? { budget: options.budget } : {}) },
    sent,
    acknowledged,
    files,
    fetched,
    planFetch: (...outcomes) => void plannedFetches.push(...outcomes),
    media: {
      async fetch(_account, fileId) {
        fetched.push(fileId);
        const planned = plannedFetches.shift();
        if (planned) return planned;
        const bytes = files.get(fileId);
        if (!bytes) return { kind: "gone" };
        const sha256 = createHash("sha256").update(bytes).digest("hex");
        return { kind: "file", body: Readable.from([bytes]), sha256 };
      },
    },
    plan: (...outcomes) => void planned.push(...outcomes),
    textsTo: (id) => sent.filter(({ to }) => to.id === id).map(({ content }) => content.text),
    isGenuine: ({ headers }: Webhook) => headers["x-signature"] === "good",
    ends,
    accounts: () => [...ends.keys()],
    account: (account) => ends.get(account) ?? null,
    greet: ({ query }) => (query["token"] === "good" ? (query["challenge"] ?? "") : null),
    read({ rawBody }) {
      try {
        return (JSON.parse(rawBody.toString("utf8")) as { events: ChannelEvent[] }).events ?? null;
      } catch {
        return null;
      }
    },
    addressFor: (account, phone: PhoneNumber) => ({ channel: name, account, id: phone.slice(1) }),
    async send(message) {
      const next = planned.shift();
      const outcome = typeof next === "function" ? await next(message) : next;
      if (!outcome || outcome.kind === "accepted" || outcome.kind === "unclear") sent.push(message);
      return outcome ?? { kind: "accepted", providerId: `out-${++count}` };
    },
    acknowledge: async ({ providerId, typing }) => void acknowledged.push({ providerId, typing }),
    close: async () => {},
  };
}

type MessageEvent = Extract<ChannelEvent, { kind: "message" }>;
type StatusEvent = Extract<ChannelEvent, { kind: "status" }>;

let made = 0;

/** A customer's message as a channel reads it. */
export function wrote(from: string, content: InboundContent | string, more: Partial<MessageEvent> = {}): MessageEvent {
  const providerId = more.providerId ?? `in-${++made}`;
  return {
    account: ACCOUNT,
    lane: from,
    dedupe: providerId,
    at: instant(0),
    kind: "message",
    providerId,
    from,
    alsoKnownAs: [],
    phone: null,
    name: null,
    content: typeof content === "string" ? { kind: "text", text: content } : content,
    repliesTo: null,
    ...more,
  };
}

/** What became of a message, as a channel reads it. */
export function became(
  status: StatusEvent["status"],
  message: { providerId?: string; messageId?: string; lane?: string; at?: Instant },
): StatusEvent {
  const providerId = message.providerId ?? "?";
  return {
    account: ACCOUNT,
    lane: message.lane ?? "lane",
    dedupe: `${providerId}:${message.messageId ?? ""}:${status}`,
    at: message.at ?? instant(0),
    kind: "status",
    providerId,
    messageId: (message.messageId ?? null) as StatusEvent["messageId"],
    status,
    refusal: status === "failed" ? { because: "not-here", code: "131026", words: "Message undeliverable" } : null,
  };
}
