import type { JsonObject } from "#kit";
import type { Deflection, DeflectionEvent } from "./deflection.ts";

/** One line of the event log. */
export interface Entry {
  kind: string;
  data: JsonObject;
}

/** What one step adds to the event log: what came in, and where it led. Pure. */
export function entriesFor(
  before: Deflection,
  event: DeflectionEvent,
  after: Deflection,
  facts: JsonObject = {},
): Entry[] {
  const news = told(event, facts);
  const move = before.at === after.at ? null : moved(after);
  return [...(news ? [news] : []), ...(move ? [move] : [])];
}

/** News from outside is logged even when it comes too late to matter. */
function told(event: DeflectionEvent, facts: JsonObject): Entry | null {
  switch (event.kind) {
    case "accepted-by-caller":
      return { kind: "deflection.accepted", data: { mode: event.mode, ...facts } };
    case "reach-known":
      return { kind: "reach.known", data: { reach: event.reach, ...facts } };
    case "probe-overdue":
      return { kind: "reach.known", data: { reach: "unknown", source: "overdue" } };
    case "invite-accepted":
      return { kind: "invite.accepted", data: facts };
    case "invite-status":
      return { kind: `invite.${event.status}`, data: facts };
    case "invite-refused":
      return { kind: "invite.failed", data: facts };
    case "invite-busy":
      return { kind: "invite.delayed", data: {} };
    case "invite-unavailable":
      return { kind: "invite.unavailable", data: {} };
    case "invite-unclear":
      return { kind: "invite.unclear", data: {} };
    case "pull-out-failed":
      return { kind: "pull-out.failed", data: { how: event.how } };
    default:
      return null;
  }
}

function moved(after: Deflection): Entry | null {
  switch (after.at) {
    case "offered":
      return null;
    case "checking":
      return { kind: "deflection.checking", data: {} };
    case "sending":
      return { kind: "invite.sending", data: {} };
    case "leaving":
      return { kind: "deflection.leaving", data: { receipt: after.receipt } };
    case "committed":
      return { kind: "deflection.committed", data: { receipt: after.receipt } };
    case "gone":
      return { kind: "deflection.caller-left", data: { seen: after.seen } };
    case "kept":
      return { kind: "deflection.kept", data: { because: after.because } };
    case "owed":
      return {
        kind: "deflection.owed",
        data: { because: after.because, wrongHangUp: after.because === "failed-after-commit" },
      };
  }
}
