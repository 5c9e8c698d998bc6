import type { Instant } from "#kit";
import type { Outcome } from "./answer.ts";
import { admit, closed, settle, type Breaker, type Ending } from "./breaker.ts";
import { fullBudget, spend, type Budget, type BudgetLimits } from "./budget.ts";
import { isTrusted, sawCanary, sawCustomer, unproven, type Sight } from "./sight.ts";

/** All that is remembered of asking through one line. One row, shared by every process. */
export interface Probe {
  breaker: Breaker;
  sight: Sight;
  budget: Budget;
  /** The last real round trip. */
  heard: { at: Instant; tookMs: number } | null;
}

/** Whose number is asked about. */
export type About = "customer" | "canary";

/** Why nobody is asked now. */
type Silence = "broken" | "blind" | "spent";

export const freshProbe = (limits: BudgetLimits, now: Instant): Probe => ({
  breaker: closed,
  sight: unproven,
  budget: fullBudget(limits, now),
  heard: null,
});

export type Permission = { ask: true; probe: Probe } | { ask: false; because: Silence };

/** May one number be asked about now? If so, the state with this question taken into account. */
export function permit(probe: Probe, about: About, now: Instant, limits: BudgetLimits): Permission {
  if (about === "customer" && probe.sight.at === "blind") return { ask: false, because: "blind" };
  const breaker = admit(probe.breaker, now);
  if (!breaker) return { ask: false, because: "broken" };
  const budget = spend(probe.budget, now, limits);
  if (!budget) return { ask: false, because: "spent" };
  return { ask: true, probe: { ...probe, breaker, budget } };
}

export interface Answered {
  about: About;
  outcome: Outcome;
  at: Instant;
  tookMs: number;
}

/** The state after a permitted question. */
export function note(probe: Probe, { about, outcome, at, tookMs }: Answered): Probe {
  const breaker = settle(probe.breaker, endingOf(outcome), at);
  if (outcome !== "registered" && outcome !== "empty") return { ...probe, breaker };
  const registered = outcome === "registered";
  const sight = about === "canary" ? sawCanary(probe.sight, registered, at) : sawCustomer(probe.sight, registered);
  return { ...probe, breaker, sight, heard: { at, tookMs } };
}

function endingOf(outcome: Outcome): Ending {
  if (outcome === "registered" || outcome === "empty") return "answered";
  return outcome === "limited" ? "limited" : "failed";
}

/** What an answer about a customer means, after it was noted. "ask-canary": it depends on whether we are told the truth. */
export function meaningOf(
  probe: Probe,
  outcome: Outcome,
  now: Instant,
): "reachable" | "not-here" | "unknown" | "ask-canary" {
  if (outcome === "registered") return "reachable";
  if (outcome !== "empty") return "unknown";
  if (isTrusted(probe.sight, now)) return "not-here";
  return probe.sight.at === "blind" ? "unknown" : "ask-canary";
}

/** A new connection has to prove anew that it is told the truth. */
export const reconnected = (probe: Probe): Probe =>
  probe.sight.at === "clear" ? { ...probe, sight: unproven } : probe;
