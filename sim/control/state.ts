import type { Instant, JsonObject, ScreenLocale } from "#kit";

export const scenarios = ["peak", "not-on-whatsapp", "never-delivered", "stays"] as const;
export type Scenario = (typeof scenarios)[number];

export const faultNames = [
  "not-on-whatsapp",
  "never-delivered",
  "api-error-131026",
  "link-drops",
  "file-gone",
] as const;
export type FaultName = (typeof faultNames)[number];

export type Leg = "voice" | "whatsapp" | "bot" | "operator";

/** One line of the product's event log about the caller. */
export interface StepLine {
  id: string;
  at: Instant;
  kind: string;
  leg: Leg;
  data: JsonObject;
}

/** One table's rows about the caller, as the product's API shows them. */
export interface TableRows {
  table: string;
  rows: JsonObject[];
}

/** What the person at the simulator is to do next. */
export type Turn =
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

/** The messengers on the caller's phone. */
export const apps = ["whatsapp", "telegram"] as const;
export type App = (typeof apps)[number];

interface Bubble {
  id: string;
  from: "business" | "customer";
  text: string;
  at: Instant;
  status: "sent" | "delivered" | "read" | "failed" | null;
  choices: { id: string; title: string }[];
  file: { id: string; kind: string; name: string | null; size: number } | null;
}

/** Everything the simulator page shows, sent whole on every change. */
export interface SimulatorState {
  scenario: Scenario;
  locale: ScreenLocale;
  speed: 1 | 4;
  faults: FaultName[];
  phone: {
    state: "idle" | "ringing" | "connected" | "ended";
    number: string;
    /** The phone was rung: somebody is calling back. */
    incoming: boolean;
    startedAt: Instant | null;
    endedAt: Instant | null;
    endedBy: "caller" | "detour" | null;
    place: number | null;
    lines: { id: string; who: "hotline" | "caller" | "operator"; text: string; at: Instant }[];
    listening: boolean;
    onHold: boolean;
    talkingTo: string | null;
  };
  messenger: {
    available: boolean;
    business: string;
    typing: boolean;
    messages: Bubble[];
  };
  telegram: {
    bot: string;
    typing: boolean;
    started: boolean;
    blocked: boolean;
    /** Start opens the chat by a link that is joined to the call. */
    hasLink: boolean;
    /** The words on the button that shares the number, while the bot asks for it. */
    asksContact: string | null;
    messages: Bubble[];
  };
  steps: StepLine[];
  http: {
    id: string;
    at: Instant;
    from: string;
    to: string;
    method: string;
    path: string;
    status: number | null;
    ms: number | null;
    summary: string;
  }[];
  database: TableRows[];
  conversationId: string | null;
  yourTurn: Turn;
}
