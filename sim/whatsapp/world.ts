import type { Clock, Instant } from "#kit";
import type { Pace } from "../kit/pace.ts";
import type { Random } from "../kit/random.ts";
import type { Courier } from "./courier.ts";
import type { WhatsAppFaults } from "./faults.ts";
import type { Media } from "./media.ts";
import type { SentBody } from "./send-schema.ts";
import type { Template } from "./templates.ts";

/** A file as it is seen on the phone. */
export interface ChatFile {
  /** Of the stand-in's files; the bytes are there. */
  id: string;
  mimeType: string;
  name: string | null;
  size: number;
}

/** One bubble in the customer's chat with the business. */
export interface ChatMessage {
  id: string;
  from: "business" | "customer";
  /** Meta's word: `text`, `template`, `interactive`, `image`, … */
  kind: string;
  text: string;
  choices: { id: string; title: string }[];
  file: ChatFile | null;
  at: Instant;
  /** For the business's messages what Meta reported last; for the customer's own the ticks under them. */
  status: "sent" | "delivered" | "read" | "failed";
  repliesTo: string | null;
}

/** A person with WhatsApp on the phone. */
export interface Person {
  waId: string;
  /** The business-scoped user id. */
  userId: string;
  name: string;
  /** Took a user name: webhooks carry the user id alone. */
  hidesPhone: boolean;
  /** Opens the 24-hour window. */
  lastWroteAt: Instant | null;
  typingUntil: Instant | null;
  messages: ChatMessage[];
  listeners: Set<() => void>;
}

/** A send that was carried out, whatever became of it later. */
export interface Accepted {
  id: string;
  at: Instant;
  waId: string;
  /** `biz_opaque_callback_data`: the application's own id of the message. */
  messageId: string | null;
  body: SentBody;
  /** What the customer reads and may tap. */
  shown: Pick<ChatMessage, "text" | "choices" | "file">;
  /** What was reported about it so far, in order. */
  statuses: ("sent" | "delivered" | "read" | "failed")[];
}

/** How long things take at Meta and on the customer's phone, in milliseconds. */
export interface Latencies {
  sent: number;
  delivered: number;
  failed: number;
  /** After delivery; null when the customer does not look until `read()` is called. */
  read: number | null;
  /** The longest pause before a webhook nobody has taken is sent again. */
  repeat: number;
}

/** Limits beyond which Meta refuses; null when off. */
export interface Limits {
  /** 130429. */
  perSecond: number | null;
  /** 131056. */
  pair: Pace | null;
}

/** The ids and secrets an application needs to use this number. */
export interface Account {
  phoneNumberId: string;
  businessAccountId: string;
  accessToken: string;
  appSecret: string;
  verifyToken: string;
  /** Digits without plus. */
  displayNumber: string;
  businessName: string;
}

/** Everything the stand-in knows; the parts around it change it. */
export interface World {
  account: Account;
  clock: Clock;
  random: Random;
  faults: WhatsAppFaults;
  latencies: Latencies;
  limits: Limits;
  templates: Template[];
  media: Media;
  /** Digits sent to → the WhatsApp id that really belongs to them. */
  aliases: Map<string, string>;
  people: Map<string, Person>;
  /** Who wrote a message of a customer's, by its id. */
  writers: Map<string, Person>;
  accepted: Accepted[];
  violations: { body: unknown; details: string }[];
  courier: Courier;
  /** A new id of Meta's form, different after every restart. */
  newWamid(): string;
  changed(person: Person): void;
}

/** The person behind a WhatsApp id; met for the first time, they get a user id of their own. */
export function personOf(world: World, waId: string): Person {
  const known = world.people.get(waId);
  if (known) return known;
  const person: Person = {
    waId,
    userId: `RU.${BigInt(waId) * 1_000_003n}`,
    name: `+${waId}`,
    hidesPhone: false,
    lastWroteAt: null,
    typingUntil: null,
    messages: [],
    listeners: new Set(),
  };
  world.people.set(waId, person);
  return person;
}
