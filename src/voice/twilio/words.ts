import type { CallStatus, LeftQueue, LegEnd } from "#voice";

const STATUSES = new Map<string, CallStatus>([
  ["queued", "ringing"],
  ["initiated", "ringing"],
  ["ringing", "ringing"],
  ["in-progress", "in-progress"],
  ["completed", "completed"],
  ["busy", "busy"],
  ["no-answer", "no-answer"],
  ["failed", "failed"],
  ["canceled", "cancelled"],
]);

/** Twilio's `QueueResult`. A caller whose operator redirected the call had been answered. */
const WAYS_OUT = new Map<string, LeftQueue>([
  ["bridged", "bridged"],
  ["bridging-in-process", "bridged"],
  ["redirected-from-bridged", "bridged"],
  ["leave", "left"],
  ["hangup", "hung-up"],
  ["redirected", "pulled-out"],
  ["queue-full", "queue-full"],
]);

/** Our word for Twilio's `CallStatus`; null for one we have not heard of yet. */
export const callStatus = (word: string): CallStatus | null => STATUSES.get(word) ?? null;

/** True when nobody is on the line any more. */
export const isOver = (status: CallStatus | null): boolean =>
  status !== null && status !== "ringing" && status !== "in-progress";

/** SIP and Twilio for: no such number, not a whole number, nobody anywhere has it. */
const INVALID = new Set([404, 484, 604, 13224, 21211, 21214, 21217]);

/** True when this code says that the number cannot be called, now or later. */
export const isWrongNumber = (code: number | null | undefined): boolean => INVALID.has(code ?? 0);

/** How a leg of ours ended; null while it has not. */
export function legEnd(status: CallStatus, codes: (number | undefined)[] = []): LegEnd | null {
  if (status === "ringing" || status === "in-progress") return null;
  return status === "failed" && codes.some(isWrongNumber) ? "invalid" : status;
}

/** Our word for Twilio's `QueueResult`; results we do not know are errors. */
export const wayOut = (queueResult: string): LeftQueue => WAYS_OUT.get(queueResult) ?? "error";
