import type { Locale } from "../i18n/format.ts";

/** The stories a visitor can play. */
export type ScenarioName = "peak" | "not-on-whatsapp" | "never-delivered" | "stays";

/** What a visitor can break at any moment. */
export type FaultName = "not-on-whatsapp" | "never-delivered" | "api-error-131026" | "link-drops" | "file-gone";

/** What the visitor should do next. */
export type TurnName =
  | "dial"
  | "wait-offer"
  | "press-1"
  | "wait-receipt"
  | "write"
  | "tap"
  | "rate"
  | "done"
  | "stay"
  | "take-call"
  | "wait-call"
  | "pick-up";

export interface PhoneLine {
  id: string;
  who: "hotline" | "caller" | "operator";
  text: string;
  at: number;
}

export interface PhoneState {
  state: "idle" | "ringing" | "connected" | "ended";
  number: string;
  /** Somebody calls this phone. */
  incoming: boolean;
  startedAt: number | null;
  endedAt: number | null;
  endedBy: "caller" | "detour" | null;
  place: number | null;
  lines: PhoneLine[];
  listening: boolean;
  onHold: boolean;
  talkingTo: string | null;
}

export interface ChatMessage {
  id: string;
  from: "business" | "customer";
  text: string;
  at: number;
  status: "sent" | "delivered" | "read" | "failed" | null;
  choices: { id: string; title: string }[];
  /** `kind` is WhatsApp's word: image, video, audio, document or sticker. */
  file: { id: string; kind: string; name: string | null; size: number } | null;
}

/** What the caller can send beside words. */
export type SampleName = "photo" | "voice" | "document";

/** The messengers on the caller's phone. */
export type App = "whatsapp" | "telegram";

interface WhatsAppState {
  available: boolean;
  business: string;
  typing: boolean;
  messages: ChatMessage[];
}

interface TelegramState {
  bot: string;
  typing: boolean;
  started: boolean;
  blocked: boolean;
  /** Start opens the chat by a link that is joined to the call. */
  hasLink: boolean;
  /** The words on the button that shares the number, while the bot asks for it. */
  asksContact: string | null;
  messages: ChatMessage[];
}

/** One entry of the product's event log of this caller. */
export interface LoggedStep {
  id: string;
  at: number;
  kind: string;
  leg: "voice" | "whatsapp" | "bot" | "operator";
  data: Record<string, unknown>;
}

export interface HttpExchange {
  id: string;
  at: number;
  from: string;
  to: string;
  method: string;
  path: string;
  status: number | null;
  ms: number | null;
  summary: string;
}

export interface DatabaseTable {
  table: string;
  rows: Record<string, unknown>[];
}

/** Everything the page shows, as the stand-ins send it on every change. */
export interface SimulatorState {
  scenario: ScenarioName;
  locale: Locale;
  speed: number;
  faults: string[];
  phone: PhoneState;
  messenger: WhatsAppState;
  telegram: TelegramState;
  steps: LoggedStep[];
  http: HttpExchange[];
  database: DatabaseTable[];
  conversationId: string | null;
  yourTurn: TurnName;
}
