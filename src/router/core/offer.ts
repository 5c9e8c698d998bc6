import { between, days, minutes, type Instant, type Millis } from "#kit";
import type { Reach } from "./reach.ts";

/** Everything an offer decision looks at. The decision is stored with it, so that it can be replayed. */
export interface OfferInputs {
  at: Instant;
  /** A fraction of 1 that belongs to this call for ever: `shareOf(callId)`. */
  share: number;
  switch: "auto" | "on" | "off";
  when: "own-wait" | "only-at-peak";
  /** Within the queue's schedule. */
  open: boolean;
  atPeak: boolean;
  /** The caller's own expected wait; null has no bound. */
  waitSeconds: number | null;
  /** Whether this caller (before that: this queue) was above the threshold last time. */
  wasAbove: boolean;
  /** Channels an invite to this caller could take now, the preferred one first. */
  chat: { channels: string[]; waitSeconds: number };
  /** What is remembered of the caller's number on them; one that is missing is unknown. */
  reach: Record<string, Reach>;
  caller: CallerKind;
  history: AnswerHistory;
  /** Callers of this trunk who accepted within the last minute. */
  acceptedLastMinute: number;
}

export type CallerKind = "mobile" | "other" | "landline" | "toll-free" | "hidden" | "unusable";

/** What this number answered to earlier offers. */
export interface AnswerHistory {
  lastAcceptedAt: Instant | null;
  acceptedLastDay: number;
  lastSilentAt: Instant | null;
  lastRefusedAt: Instant | null;
}

/** A number nobody has been asked at. */
export const noHistory: AnswerHistory = {
  lastAcceptedAt: null,
  acceptedLastDay: 0,
  lastSilentAt: null,
  lastRefusedAt: null,
};

export interface OfferLimits {
  thresholdSeconds: number;
  chatRoomSeconds: number;
  acceptPause: Millis;
  acceptsPerDay: number;
  silencePause: Millis;
  refusalPause: Millis;
  burstPerMinute: number;
  holdOutPercent: number;
}

export type NoOffer =
  | "switched-off"
  | "closed"
  | "no-messenger"
  | "chat-full"
  | "moved-lately"
  | "moved-often"
  | "silent-lately"
  | "refused-lately"
  | "burst"
  | "short-wait"
  | "not-at-peak"
  | "held-out";

/** `eligible` calls met the rule; a held-out one of them is never offered anything, to measure what offers change. */
export type OfferDecision = { above: boolean; eligible: boolean } & (
  | {
      offer: true;
      channel: string;
      /** The caller's own number cannot have a messenger: ask for another. */ needsNumber: boolean;
    }
  | { offer: false; because: NoOffer }
);

/** Falls out of the band only below this share of the threshold: a wait that swings ±10 % round it does not flap. */
const STAYS_ABOVE = 0.8;

export function decideOffer(inputs: OfferInputs, limits: OfferLimits): OfferDecision {
  const above = isAbove(inputs.waitSeconds, limits.thresholdSeconds, inputs.wasAbove);
  const no = notEligible(inputs, limits, above);
  if (no) return { above, eligible: false, offer: false, because: no };
  if (inputs.share * 100 < limits.holdOutPercent) return { above, eligible: true, offer: false, because: "held-out" };
  return {
    above,
    eligible: true,
    offer: true,
    channel: firstReachable(inputs.chat.channels, inputs.reach)!,
    needsNumber: !canBeWritten(inputs.caller),
  };
}

/** The first channel where the number is not known to be missing; when it is missing everywhere, the caller is told of the first. */
const firstReachable = (channels: string[], reach: Record<string, Reach>): string | undefined =>
  channels.find((channel) => reach[channel] !== "not-here") ?? channels[0];

/** The channel to offer after these have failed in the same call; null when none is left. */
export const nextChannel = (channels: string[], tried: string[], reach: Record<string, Reach>): string | null =>
  channels.find((channel) => !tried.includes(channel) && reach[channel] !== "not-here") ?? null;

/** Above the threshold, with memory: between 80 % and 100 % of it things stay as they were. */
export function isAbove(waitSeconds: number | null, thresholdSeconds: number, wasAbove: boolean): boolean {
  if (waitSeconds === null || waitSeconds > thresholdSeconds) return true;
  return wasAbove && waitSeconds >= thresholdSeconds * STAYS_ABOVE;
}

function notEligible(inputs: OfferInputs, limits: OfferLimits, above: boolean): NoOffer | null {
  if (inputs.switch === "off") return "switched-off";
  if (!inputs.open) return "closed";
  if (inputs.chat.channels.length === 0) return "no-messenger";
  if (inputs.chat.waitSeconds >= limits.chatRoomSeconds) return "chat-full";
  const limit = overLimit(inputs.history, inputs.at, limits);
  if (limit) return limit;
  if (inputs.acceptedLastMinute >= limits.burstPerMinute) return "burst";
  if (inputs.switch === "on") return null;
  if (!above) return "short-wait";
  return inputs.when === "only-at-peak" && !inputs.atPeak ? "not-at-peak" : null;
}

/** A robot that presses 1 makes us pay for templates; a person who said no wants peace. */
export function overLimit(history: AnswerHistory, at: Instant, limits: OfferLimits): NoOffer | null {
  const within = (moment: Instant | null, pause: Millis) => moment !== null && between(moment, at) < pause;
  if (within(history.lastAcceptedAt, limits.acceptPause)) return "moved-lately";
  if (history.acceptedLastDay >= limits.acceptsPerDay) return "moved-often";
  if (within(history.lastRefusedAt, limits.refusalPause)) return "refused-lately";
  return within(history.lastSilentAt, limits.silencePause) ? "silent-lately" : null;
}

/** Landlines and withheld numbers have no messenger; unknown kinds get the benefit of the doubt. */
const canBeWritten = (caller: CallerKind): boolean => caller === "mobile" || caller === "other";

/** A fraction from 0 to 1 that depends on nothing but the call, so that a repeat decides alike (FNV-1a). */
export function shareOf(callId: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < callId.length; i++) hash = Math.imul(hash ^ callId.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}

/** How settings in everyday units become limits. */
export const limitsOf = (given: {
  thresholdSeconds: number;
  chatRoomMinutes: number;
  acceptPauseMinutes: number;
  acceptsPerDay: number;
  silenceMinutes: number;
  refusalDays: number;
  burstPerMinute: number;
  holdOutPercent: number;
}): OfferLimits => ({
  thresholdSeconds: given.thresholdSeconds,
  chatRoomSeconds: given.chatRoomMinutes * 60,
  acceptPause: minutes(given.acceptPauseMinutes),
  acceptsPerDay: given.acceptsPerDay,
  silencePause: minutes(given.silenceMinutes),
  refusalPause: days(given.refusalDays),
  burstPerMinute: given.burstPerMinute,
  holdOutPercent: given.holdOutPercent,
});
