import type { CallStatus, LeftQueue } from "#voice";

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

/** Our word for Twilio's `QueueResult`; results we do not know are errors. */
export const wayOut = (queueResult: string): LeftQueue => WAYS_OUT.get(queueResult) ?? "error";
