import { badNews, strongest } from "./evidence.ts";
import { later, unreachable, type Instant, type Millis } from "#kit";

/**
 * The life of one offer to move one caller from the phone to a messenger.
 *
 *     offered ─▶ checking ─▶ sending ─ receipt ─▶ leaving ─ farewell ─▶ committed ─ failed ─▶ owed
 *        │          │           │ │                  │                                        ▲
 *        │          │           │ └─ caller hung up ─┴─▶ gone ──── no invite after all ───────┤
 *        ▼          ▼           ▼                    ▼                                        │
 *       kept ◀──────┴───────────┴────────────────────┘ ──────────── asked for a callback ─────┘
 *        └─ that channel did not work, another may ─▶ offered
 *
 * A call ends only after the message is known to have arrived (`receipt`, as strong as the commit level asks);
 * in every doubtful case the caller is `kept` at the same place in the queue. An operator who takes the call at any
 * time before `committed` wins. Whoever is gone without an invite is owed a callback.
 */
export type Deflection =
  | { at: "offered" }
  /** `until` ends the check, `patience` the whole wait for the receipt. */
  | { at: "checking"; mode: Mode; callerGone: boolean; until: Instant; patience: Instant }
  | { at: "sending"; mode: Mode; seen: "nothing" | "sent"; until: Instant }
  /** The receipt is here; the farewell may be said. */
  | { at: "leaving"; receipt: Receipt }
  /** The farewell was handed to the telephone. */
  | { at: "committed"; receipt: Receipt }
  /** The caller hung up after accepting; the invite is on its way or has arrived. */
  | { at: "gone"; seen: "nothing" | Receipt }
  /** `chatKnows` is false while an invite is out whose reader was not told how the call went on. */
  | { at: "kept"; because: KeepReason; chatKnows: boolean }
  | { at: "owed"; because: OweReason };

/** `both`: keep my place and write to me as well. Such a call never leaves the queue by itself. */
export type Mode = "move" | "both";
export type Receipt = "sent" | "delivered";
/** How strong a receipt must be before we end a call. */
export type CommitLevel = Receipt;

export type KeepReason =
  | "refused"
  | "silent"
  | "no-number"
  | "not-here"
  | "failed"
  | "busy"
  | "unavailable"
  | "too-slow"
  | "answered"
  | "both";
/** Only `failed-after-commit` is a wrong hang-up. */
export type OweReason = "failed-after-commit" | "gone-without-invite" | "chosen";

export type DeflectionEvent =
  | { kind: "offered-again" }
  /** After a channel that did not work the next one is offered. */
  | { kind: "next-channel-offered" }
  | { kind: "accepted-by-caller"; mode: Mode }
  | { kind: "refused-by-caller" }
  | { kind: "caller-stayed-silent" }
  | { kind: "number-not-given" }
  | { kind: "reach-known"; reach: "reachable" | "not-here" | "unknown" }
  | { kind: "probe-overdue" }
  | { kind: "invite-accepted" }
  | { kind: "invite-status"; status: "sent" | "delivered" | "read" | "failed"; notHere: boolean }
  | { kind: "invite-refused"; notHere: boolean }
  /** It may go later, but nobody should wait for it on the phone. */
  | { kind: "invite-busy" }
  /** Nothing was queued: the channel is off. */
  | { kind: "invite-unavailable" }
  /** It may have gone out: only a status or the patience settles it. */
  | { kind: "invite-unclear" }
  | { kind: "patience-ran-out" }
  | { kind: "operator-took-call" }
  | { kind: "caller-hung-up" }
  | { kind: "pull-out-failed"; how: "gone" | "busy" | "unclear" }
  | { kind: "farewell-served" }
  | { kind: "callback-chosen" };

export type DeflectionEffect =
  | { do: "probe" }
  | { do: "send-invite" }
  /** Out of the provider's queue, to the farewell. Should it get lost, the next wait document says the farewell. */
  | { do: "pull-out" }
  | { do: "notify-chat"; notice: "talking-to-operator" | "place-kept" | "callback-promised" }
  | { do: "owe-callback"; because: OweReason };

export interface DeflectionRules {
  commitLevel: CommitLevel;
  /** From the key press to the end of waiting for a receipt. */
  patience: Millis;
  /** The part of the patience a probe may use up. */
  probePatience: Millis;
}

export interface Step {
  state: Deflection;
  effects: DeflectionEffect[];
}

/** Pure. Events that come late, twice or out of order leave the state as it is. */
export function step(state: Deflection, event: DeflectionEvent, at: Instant, rules: DeflectionRules): Step {
  switch (state.at) {
    case "offered":
      return fromOffered(state, event, at, rules);
    case "checking":
      return fromChecking(state, event);
    case "sending":
      return fromSending(state, event, rules);
    case "leaving":
      return fromLeaving(state, event);
    case "committed":
      return fromCommitted(state, event);
    case "gone":
      return fromGone(state, event);
    case "kept":
      return fromKept(state, event);
    case "owed":
      return stay(state);
    default:
      return unreachable(state);
  }
}

/** When the state wants to be looked at again; null when only news can change it. */
export const dueAt = (state: Deflection): Instant | null =>
  state.at === "checking" || state.at === "sending" ? state.until : null;

/** What to tell a state whose time has come. */
export const overdue = (state: Deflection): DeflectionEvent =>
  state.at === "checking" ? { kind: "probe-overdue" } : { kind: "patience-ran-out" };

type In<At extends Deflection["at"]> = Extract<Deflection, { at: At }>;

const go = (state: Deflection, ...effects: DeflectionEffect[]): Step => ({ state, effects });
const stay = (state: Deflection): Step => ({ state, effects: [] });
const owe = (because: OweReason, ...more: DeflectionEffect[]): Step =>
  go({ at: "owed", because }, { do: "owe-callback", because }, ...more);

/** Back to the queue before anything was written to the caller. */
const keep = (because: KeepReason): Step => go({ at: "kept", because, chatKnows: true });
/** Back to the queue while a message may be on its way. */
const keepWithInvite = (because: KeepReason): Step => go({ at: "kept", because, chatKnows: false });
const answered = (): Step => go({ at: "kept", because: "answered", chatKnows: true }, TALKING);

const TALKING: DeflectionEffect = { do: "notify-chat", notice: "talking-to-operator" };
const PROMISED: DeflectionEffect = { do: "notify-chat", notice: "callback-promised" };

function fromOffered(state: In<"offered">, event: DeflectionEvent, at: Instant, rules: DeflectionRules): Step {
  switch (event.kind) {
    case "accepted-by-caller": {
      const patience = later(at, rules.patience);
      const until = later(at, Math.min(rules.probePatience, rules.patience) as Millis);
      return go({ at: "checking", mode: event.mode, callerGone: false, until, patience }, { do: "probe" });
    }
    case "refused-by-caller":
      return keep("refused");
    case "caller-stayed-silent":
      return keep("silent");
    case "number-not-given":
      return keep("no-number");
    case "operator-took-call":
      return keep("answered");
    default:
      return stay(state);
  }
}

function fromChecking(state: In<"checking">, event: DeflectionEvent): Step {
  switch (event.kind) {
    case "reach-known":
      if (event.reach !== "not-here") return send(state);
      return state.callerGone ? owe("gone-without-invite") : keep("not-here");
    case "probe-overdue":
      return send(state);
    case "operator-took-call":
      return state.callerGone ? stay(state) : keep("answered");
    case "caller-hung-up":
      return go({ ...state, callerGone: true });
    default:
      return stay(state);
  }
}

function send({ callerGone, mode, patience }: In<"checking">): Step {
  if (callerGone) return go({ at: "gone", seen: "nothing" }, { do: "send-invite" });
  return go({ at: "sending", mode, seen: "nothing", until: patience }, { do: "send-invite" });
}

function fromSending(state: In<"sending">, event: DeflectionEvent, rules: DeflectionRules): Step {
  const bad = badNews(event);
  if (bad) return keep(bad);
  switch (event.kind) {
    case "invite-status":
      return onReceipt(state, event.status === "sent" ? "sent" : "delivered", rules);
    case "invite-busy":
      return keepWithInvite("busy");
    case "invite-unavailable":
      return keep("unavailable");
    case "patience-ran-out":
      return keepWithInvite("too-slow");
    case "operator-took-call":
      return answered();
    case "caller-hung-up":
      return go({ at: "gone", seen: state.seen });
    default:
      return stay(state);
  }
}

function onReceipt(state: In<"sending">, receipt: Receipt, { commitLevel }: DeflectionRules): Step {
  if (receipt === "sent" && commitLevel === "delivered") return go({ ...state, seen: "sent" });
  if (state.mode === "both")
    return go({ at: "kept", because: "both", chatKnows: false }, { do: "notify-chat", notice: "place-kept" });
  return go({ at: "leaving", receipt }, { do: "pull-out" });
}

/**
 * "gone" from the provider means too late: the caller hung up or talks to an operator, and those tell by themselves.
 * After "busy" and "unclear" the next wait document says the farewell.
 */
function fromLeaving(state: In<"leaving">, event: DeflectionEvent): Step {
  if (state.receipt === "sent" && badNews(event)) return keep(badNews(event)!);
  switch (event.kind) {
    case "farewell-served":
      return go({ at: "committed", receipt: state.receipt });
    case "operator-took-call":
      return answered();
    case "caller-hung-up":
      return go({ at: "gone", seen: state.receipt });
    default:
      return go({ ...state, receipt: strongest(state.receipt, event) });
  }
}

/** Meta may report `sent` and later `failed`; after `delivered` such news is about another device. */
function fromCommitted(state: In<"committed">, event: DeflectionEvent): Step {
  if (state.receipt === "sent" && badNews(event)) return owe("failed-after-commit");
  return go({ ...state, receipt: strongest(state.receipt, event) });
}

function fromGone(state: In<"gone">, event: DeflectionEvent): Step {
  const never = badNews(event) ?? (event.kind === "invite-unavailable" ? "busy" : null);
  if (state.seen !== "delivered" && never) return owe("gone-without-invite");
  return go({ ...state, seen: strongest(state.seen, event) });
}

/** Only when it is certain that nothing is on its way, so that nobody is written to on two channels. */
export const mayTryAnother = (state: Deflection): boolean =>
  state.at === "kept" && ["not-here", "failed", "unavailable"].includes(state.because);

function fromKept(state: In<"kept">, event: DeflectionEvent): Step {
  switch (event.kind) {
    case "offered-again":
      return state.because === "silent" ? go({ at: "offered" }) : stay(state);
    case "next-channel-offered":
      return mayTryAnother(state) ? go({ at: "offered" }) : stay(state);
    case "operator-took-call":
      return state.chatKnows ? stay(state) : go({ ...state, chatKnows: true }, TALKING);
    case "callback-chosen":
      if (state.because === "answered") return stay(state);
      return state.chatKnows ? owe("chosen") : owe("chosen", PROMISED);
    default:
      return stay(state);
  }
}
