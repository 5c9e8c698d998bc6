import { between } from "#kit";
import type { Instant } from "#kit";
import type { Bridge } from "./bridge.ts";
import type { Place } from "./queue.ts";
import { createScope } from "./scope.ts";
import type { Scope } from "./scope.ts";
import type { Form } from "./signing.ts";
import type { Method } from "./webhook.ts";
import type { World } from "./world.ts";

export type CallStatus =
  | "queued"
  | "ringing"
  | "in-progress"
  | "completed"
  | "busy"
  | "failed"
  | "no-answer"
  | "canceled";

type Direction = "inbound" | "outbound-api";

/** `caller` is the person at this phone, `detour` the application by its documents or by REST. */
export type EndedBy = "caller" | "detour" | "error";

export interface Heard {
  at: Instant;
  kind: "say" | "play";
  /** The words, or the address of the sound. */
  text: string;
}

/** What a call is to do next: request a document, or follow one that was handed over. */
export type Source = { kind: "address"; url: string; method: Method; extra: Form } | { kind: "written"; twiml: string };

/** Why what a call was doing stopped before its end. */
export type CutReason =
  | { kind: "ended" }
  | { kind: "redirected" }
  /** An operator's leg took this call out of the queue. */
  | { kind: "taken"; bridge: Bridge }
  | { kind: "barged-in" };

export type CallScope = Scope<CutReason>;

/** Who takes keys and words at this moment. */
export interface Listener {
  keys: boolean;
  speech: boolean;
  key(key: string): void;
  say(text: string): void;
}

export interface StatusCallback {
  url: string;
  method: Method;
  events: ReadonlySet<CallEvent>;
}

export type CallEvent = "initiated" | "ringing" | "answered" | "completed";

/** One leg: a caller's or one we dialled. The life of it:
 *
 *     queued ─▶ ringing ─▶ in-progress ─▶ completed
 *                  └─▶ busy, no-answer, failed, canceled
 */
export interface Call {
  readonly sid: string;
  readonly from: string;
  readonly to: string;
  readonly direction: Direction;
  readonly createdAt: Instant;
  /** How long Twilio held the call back before dialling. */
  readonly queuedMs: number;
  readonly fallback: { url: string; method: Method } | null;
  readonly statusCallback: StatusCallback | null;
  status: CallStatus;
  answeredAt: Instant | null;
  endedAt: Instant | null;
  endedBy: EndedBy | null;
  /** Everything the call does now; replaced when it is redirected. */
  scope: CallScope;
  /** Where to go on after a redirect. */
  next: Source | null;
  place: Place | null;
  bridge: Bridge | null;
  listener: Listener | null;
  /** Lifts the receiver of a phone that rings until somebody does; null while it does not ring so. */
  lift: (() => void) | null;
  /** What the telephone network said when the call came to nothing. */
  sipCode: number | null;
  hearing: Heard | null;
  heard: Heard[];
  /** Status callbacks sent so far. */
  sequence: number;
  watchers: Set<() => void>;
}

type NewCall = Pick<Call, "from" | "to" | "direction" | "queuedMs" | "fallback" | "statusCallback">;

export function createCall(world: World, facts: NewCall): Call {
  const call: Call = {
    sid: world.sid("CA"),
    createdAt: world.clock.now(),
    ...facts,
    status: facts.direction === "inbound" ? "ringing" : "queued",
    answeredAt: null,
    endedAt: null,
    endedBy: null,
    scope: createScope(world.clock),
    next: null,
    place: null,
    bridge: null,
    listener: null,
    lift: null,
    sipCode: null,
    hearing: null,
    heard: [],
    sequence: 0,
    watchers: new Set(),
  };
  world.calls.set(call.sid, call);
  return call;
}

/** Tells whoever watches this phone that something about it changed. */
export function changed(call: Call): void {
  for (const watcher of call.watchers) watcher();
}

export const isOver = (call: Call): boolean => call.endedAt !== null;

/** Whole seconds of talk; 0 for a call that was never answered. */
export const secondsOf = (call: Call): number =>
  call.answeredAt === null || call.endedAt === null ? 0 : Math.round(between(call.answeredAt, call.endedAt) / 1000);

/** Picks the call up; harmless when it is already. */
export function answer(world: World, call: Call): void {
  if (call.answeredAt !== null || isOver(call)) return;
  call.answeredAt = world.clock.now();
  call.status = "in-progress";
  report(world, call, "answered", "in-progress");
  changed(call);
}

/** Ends the call and everything it does. Only the first end counts. */
export function endCall(world: World, call: Call, by: EndedBy, status: CallStatus = "completed"): void {
  if (isOver(call)) return;
  call.endedAt = world.clock.now();
  call.endedBy = by;
  call.status = status;
  call.listener = null;
  call.lift = null;
  call.hearing = null;
  stopDoing(world, call, { kind: "ended" });
  report(world, call, "completed", status);
  changed(call);
}

/** Makes a live call leave what it does and go on elsewhere. */
export function redirect(world: World, call: Call, source: Source): void {
  call.next = source;
  stopDoing(world, call, { kind: "redirected" });
  changed(call);
}

function stopDoing(world: World, call: Call, why: CutReason): void {
  const scope = call.scope;
  call.scope = createScope(world.clock);
  if (why.kind === "ended") call.scope.end(why);
  call.place?.leave();
  scope.end(why);
}

/** Status callbacks are numbered in the order the events happened, whatever order they arrive in. */
export function report(world: World, call: Call, event: CallEvent, status: CallStatus | "initiated"): void {
  const callback = call.statusCallback;
  if (!callback?.events.has(event)) return;
  const talk = String(secondsOf(call));
  const form: Form = {
    ...world.forms.standard(call),
    CallStatus: status,
    Timestamp: rfc2822(world.clock.now()),
    CallbackSource: "call-progress-events",
    SequenceNumber: String(call.sequence),
    ...(event === "completed" ? { CallDuration: talk, Duration: String(Math.ceil(Number(talk) / 60)) } : {}),
    ...(event === "completed" && call.sipCode !== null ? { SipResponseCode: String(call.sipCode) } : {}),
  };
  call.sequence += 1;
  world.webhooks.tell({ url: callback.url, method: callback.method, form });
}

/** `Sat, 21 Nov 2026 21:40:00 +0000` */
export const rfc2822 = (at: Instant): string => new Date(at).toUTCString().replace("GMT", "+0000");
