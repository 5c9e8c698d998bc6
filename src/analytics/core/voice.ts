import { days, earlier, later, type Instant } from "#kit";
import type { CallFacts } from "./facts.ts";
import { ratioOf } from "./ratio.ts";

/** Eligible calls that are compared, and how many of them an operator had to talk with. */
interface Group {
  calls: number;
  handled_by_voice: number;
}

/**
 * 1 − (share handled by voice among treated / share handled by voice among held out): what offering a messenger spares the
 * telephone, people who call again included. `low` and `high` are the bounds of a 95 % interval.
 */
export interface NetVoiceReduction {
  treated: Group;
  held_out: Group;
  /** Too recent: their callers may still call again. */
  not_counted_yet: number;
  value: number | null;
  low: number | null;
  high: number | null;
  /** Why there is no value. */
  reason: string | null;
}

/** A call is handled by voice when an operator talked with its number within this time. */
const WITHIN = days(1);
/** With fewer held-out calls the interval says nothing anybody could act on. */
const FEWEST_HELD_OUT = 30;

/**
 * Compares all eligible calls by what chance decided for them, not by what they did: whoever was to be treated counts as
 * treated, offered or not. Leaves out calls by their age alone, so that both groups are followed equally long. Pure.
 */
export function netVoiceReduction(calls: CallFacts[], now: Instant): NetVoiceReduction {
  const followed = calls.filter(({ eligibleAt }) => eligibleAt <= earlier(now, WITHIN));
  const treated = groupOf(followed.filter((call) => !isHeldOut(call)));
  const heldOut = groupOf(followed.filter(isHeldOut));
  const groups = { treated, held_out: heldOut, not_counted_yet: calls.length - followed.length };
  const reason = whyNot(treated, heldOut);
  if (reason !== null) return { ...groups, value: null, low: null, high: null, reason };
  const { value, low, high } = ratioOf(shareOf(treated), shareOf(heldOut));
  return { ...groups, value: 1 - value, low: 1 - high, high: 1 - low, reason: null };
}

/** Chosen by chance never to be offered anything, and never was. */
export const isHeldOut = ({ heldOut, offered }: CallFacts): boolean => heldOut && !offered;

const groupOf = (calls: CallFacts[]): Group => ({
  calls: calls.length,
  handled_by_voice: calls.filter(isHandledByVoice).length,
});

const isHandledByVoice = ({ eligibleAt, voiceAt }: CallFacts) =>
  voiceAt !== null && voiceAt <= later(eligibleAt, WITHIN);

const shareOf = ({ calls, handled_by_voice: had }: Group) => ({ of: calls, had });

function whyNot(treated: Group, heldOut: Group): string | null {
  if (treated.calls === 0)
    return "No call was treated at least 24 hours ago. Choose a longer period, or lower OFFER_HOLD_OUT_PERCENT.";
  if (heldOut.calls < FEWEST_HELD_OUT)
    return `Only ${heldOut.calls} calls were held out at least 24 hours ago; ${FEWEST_HELD_OUT} are needed. Choose a longer period, or raise OFFER_HOLD_OUT_PERCENT.`;
  if (heldOut.handled_by_voice === 0)
    return "No operator talked with any held-out caller, so there is nothing to compare with.";
  return null;
}
