import type { Cancel, Instant } from "#kit";
import { createCall, endCall } from "./call.ts";
import type { Call, EndedBy, Heard } from "./call.ts";
import { runInbound } from "./life.ts";
import type { RingPlan } from "./life.ts";
import type { World } from "./world.ts";

type PhoneState = "ringing" | "connected" | "in-queue" | "talking" | "ended";

/** A telephone in somebody's hand, caller's or operator's: what the person hears and may do. */
export interface Phone {
  readonly sid: string;
  readonly from: string;
  readonly to: string;
  readonly state: PhoneState;
  readonly inQueue: boolean;
  /** 1 = next; null outside a queue. */
  readonly queuePosition: number | null;
  /** The other party's number while two people hear each other. */
  readonly talkingWith: string | null;
  /** True while keys or words are listened to. */
  readonly listening: boolean;
  /** The sound of this moment. */
  readonly hearing: Heard | null;
  /** Every sentence and recording so far, oldest first. */
  readonly heard: readonly Heard[];
  readonly startedAt: Instant;
  readonly endedAt: Instant | null;
  /** `caller` is the person at this phone. */
  readonly endedBy: EndedBy | null;
  /** Presses one key; false when nobody listened to keys. */
  press(key: string): boolean;
  /** Says something; false when nobody listened to words. */
  say(text: string): boolean;
  hangUp(): void;
  /** Lifts the receiver; false when this phone does not ring, or picks up by itself. */
  pickUp(): boolean;
  onChange(listener: () => void): Cancel;
}

/** Telephones of callers. */
export interface Phones {
  /** Dials the number; ringing at once. */
  call(party: { from: string; to?: string }): Phone;
  /** Every call so far, oldest first. */
  readonly all: Phone[];
}

/** Telephones that are called by the application, operators' and customers'. */
export interface OperatorPhones {
  /** What this phone does when rung next and later. Unplanned phones are picked up after two seconds. */
  plan(endpoint: string, plan: RingPlan, rung?: (phone: Phone) => void): void;
  planOf(endpoint: string): RingPlan;
  /** Tells whoever wanted to know that this phone is rung. */
  rings(call: Call): void;
  /** Every leg of this phone, live or over, oldest first. */
  legs(endpoint: string): Phone[];
  /** The newest of them. */
  leg(endpoint: string): Phone | null;
}

const USUAL_PLAN: RingPlan = { answerAfterMs: 2000 };

export function createPhones(world: World): Phones {
  return {
    call({ from, to = world.number.number }) {
      const call = createCall(world, {
        from,
        to,
        direction: "inbound",
        queuedMs: 0,
        fallback: world.number.fallbackUrl ? { url: world.number.fallbackUrl, method: "POST" } : null,
        statusCallback: world.number.statusCallback
          ? { url: world.number.statusCallback, method: "POST", events: new Set(["completed"]) }
          : null,
      });
      void runInbound(world, call);
      return phoneOf(world, call);
    },
    get all() {
      return [...world.calls.values()]
        .filter((call) => call.direction === "inbound")
        .map((call) => phoneOf(world, call));
    },
  };
}

export function createOperatorPhones(world: World): OperatorPhones {
  const plans = new Map<string, { plan: RingPlan; rung?: (phone: Phone) => void }>();
  const legs = (endpoint: string) =>
    [...world.calls.values()]
      .filter((call) => call.direction === "outbound-api" && call.to === endpoint)
      .map((call) => phoneOf(world, call));
  return {
    plan: (endpoint, plan, rung) => void plans.set(endpoint, rung ? { plan, rung } : { plan }),
    planOf: (endpoint) => plans.get(endpoint)?.plan ?? USUAL_PLAN,
    rings: (call) => plans.get(call.to)?.rung?.(phoneOf(world, call)),
    legs,
    leg: (endpoint) => legs(endpoint).at(-1) ?? null,
  };
}

function phoneOf(world: World, call: Call): Phone {
  return {
    sid: call.sid,
    from: call.from,
    to: call.to,
    startedAt: call.createdAt,
    get state() {
      return stateOf(call);
    },
    get inQueue() {
      return call.place !== null;
    },
    get queuePosition() {
      return call.place?.position() ?? null;
    },
    get talkingWith() {
      return otherParty(call);
    },
    get listening() {
      return call.listener !== null;
    },
    get hearing() {
      return call.hearing;
    },
    get heard() {
      return call.heard;
    },
    get endedAt() {
      return call.endedAt;
    },
    get endedBy() {
      return call.endedBy;
    },
    press: (key) => listens(call.listener?.keys, () => call.listener?.key(key)),
    say: (text) => listens(call.listener?.speech, () => call.listener?.say(text)),
    pickUp: () => listens(call.lift !== null, () => call.lift?.()),
    hangUp: () => endCall(world, call, "caller", call.answeredAt === null ? unansweredEnd(call) : "completed"),
    onChange(listener) {
      call.watchers.add(listener);
      return () => call.watchers.delete(listener);
    },
  };
}

function listens(able: boolean | undefined, give: () => void): boolean {
  if (able) give();
  return able ?? false;
}

/** A caller who gives up before anybody answered counts as no answer; a rung phone that declines, as busy. */
const unansweredEnd = (call: Call) => (call.direction === "inbound" ? "no-answer" : "busy");

function stateOf(call: Call): PhoneState {
  if (call.endedAt !== null) return "ended";
  if (call.bridge !== null) return "talking";
  if (call.place !== null) return "in-queue";
  return call.answeredAt === null ? "ringing" : "connected";
}

function otherParty(call: Call): string | null {
  if (call.bridge === null) return null;
  const other = call.bridge.operator === call ? call.bridge.caller : call.bridge.operator;
  return other && (other.direction === "inbound" ? other.from : other.to);
}
