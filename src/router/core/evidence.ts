import type { DeflectionEvent, Receipt } from "./deflection.ts";

/** Why the message will never arrive, when the event says so. */
export function badNews(event: DeflectionEvent): "not-here" | "failed" | null {
  const failed = event.kind === "invite-refused" || (event.kind === "invite-status" && event.status === "failed");
  if (!failed) return null;
  return event.notHere ? "not-here" : "failed";
}

/** Statuses only move forward. */
export function strongest<Seen extends "nothing" | Receipt>(seen: Seen, event: DeflectionEvent): Seen | Receipt {
  if (event.kind !== "invite-status" || event.status === "failed") return seen;
  if (event.status === "sent") return seen === "delivered" ? seen : "sent";
  return "delivered";
}
