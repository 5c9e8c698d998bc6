import { between, days, hours, type Instant, type Millis } from "#kit";
import type { DeflectionEvent } from "./deflection.ts";

export type Reach = "reachable" | "not-here" | "unknown";
/** Where knowledge about a number came from. */
type ReachSource = "receipt" | "error" | "probe";

/** What an earlier receipt, error or probe taught about a number on a channel. */
export interface ReachMemory {
  verdict: "reachable" | "not-here";
  source: ReachSource;
  at: Instant;
}

const BELIEVED_FOR: Record<ReachMemory["verdict"], Millis> = {
  reachable: days(30),
  /** People install a messenger any day, and an error may have had another cause. */
  "not-here": hours(24),
};

/** The first step of the reach ladder: what is remembered and still fresh. "unknown" is an ordinary answer. */
export function remembered(memory: ReachMemory | null, now: Instant): Reach {
  if (!memory) return "unknown";
  return between(memory.at, now) <= BELIEVED_FOR[memory.verdict] ? memory.verdict : "unknown";
}

/** What an event teaches about the number it was sent to; null when nothing. Late events teach too. */
export function lesson(event: DeflectionEvent): Omit<ReachMemory, "at"> | null {
  switch (event.kind) {
    case "invite-status":
      if (event.status === "failed") return event.notHere ? { verdict: "not-here", source: "error" } : null;
      return event.status === "sent" ? null : { verdict: "reachable", source: "receipt" };
    case "invite-refused":
      return event.notHere ? { verdict: "not-here", source: "error" } : null;
    default:
      return null;
  }
}
