import { between, earlier, instant, seconds, unreachable } from "#kit";
import type { DialFound, Telephone } from "#voice";
import type Twilio from "twilio/lib/rest/Twilio.js";
import type { Addresses } from "./addresses.ts";
import type { TwilioSettings } from "./settings.ts";
import { isGone, type Trouble } from "./trouble.ts";
import { callStatus, isWrongNumber, legEnd } from "./words.ts";

type Account = ReturnType<Twilio["api"]["v2010"]["accounts"]>;

interface DiallingDeps {
  account: Account;
  settings: TwilioSettings;
  addresses: Addresses;
  /** Writes down what Twilio did not do. */
  noted: (asked: string, error: unknown) => Trouble;
}

/** Twilio tells times in whole seconds of its own clock. */
const CLOCKS_DIFFER = seconds(5);
/** Twilio lists what changed last first. */
const NEWEST = 20;

/** Legs to customers. Nothing is ever repeated here. */
export function createDialling({ account, settings, addresses, noted }: DiallingDeps) {
  const ours = settings.TWILIO_NUMBER ?? "";

  return {
    async dial({ to, from, reference, meeting, ringSeconds }) {
      try {
        const call = await account.calls.create({
          to,
          from: from ?? ours,
          url: addresses.called(reference, meeting),
          method: "POST",
          statusCallback: addresses.calledStatus(reference),
          statusCallbackMethod: "POST",
          statusCallbackEvent: ["initiated", "ringing", "answered", "completed"],
          timeout: ringSeconds,
        });
        return { kind: "ringing", providerCall: call.sid };
      } catch (error) {
        return notDialled(noted("dial", error));
      }
    },

    /**
     * Asked by number alone: a call that has not rung yet has no start time, so a search by time would miss just the
     * one we are afraid of.
     */
    async findDial({ to, since, providerCall, others }) {
      try {
        if (providerCall !== null) return foundBy(await account.calls(providerCall).fetch());
        const after = earlier(since, CLOCKS_DIFFER);
        const newest = await account.calls.list({ to, limit: NEWEST });
        const isIt = ({ sid, direction, dateCreated }: (typeof newest)[number]) =>
          direction === "outbound-api" && !others.includes(sid) && between(after, instant(dateCreated.getTime())) >= 0;
        const found = newest.filter(isIt);
        const live = found.find((call) => legEnd(callStatus(call.status) ?? "ringing") === null);
        const call = live ?? found[0];
        return call ? foundBy(call) : { kind: "nothing" };
      } catch (error) {
        const trouble = noted("find-dial", error);
        return isGone(trouble) ? { kind: "nothing" } : { kind: "unknown" };
      }
    },

    async hangUp(providerCall) {
      try {
        await account.calls(providerCall).update({ status: "completed" });
        return "done";
      } catch (error) {
        const trouble = noted("hang-up", error);
        if (trouble.kind === "unclear") return "unclear";
        return isGone(trouble) ? "gone" : "busy";
      }
    },
  } satisfies Pick<Telephone, "dial" | "findDial" | "hangUp">;
}

function foundBy({ sid, status }: { sid: string; status: string }): DialFound {
  const how = legEnd(callStatus(status) ?? "ringing");
  return how === null ? { kind: "alive", providerCall: sid } : { kind: "over", how };
}

/** A 5xx may have rung the phone; every other refusal has not. */
function notDialled(trouble: Trouble): Awaited<ReturnType<Telephone["dial"]>> {
  switch (trouble.kind) {
    case "answered":
      if (trouble.status >= 500) return { kind: "unclear" };
      return {
        kind: "refused",
        because: isWrongNumber(trouble.code) ? "number" : "trouble",
        words: [trouble.code ?? trouble.status, trouble.words].join(": "),
      };
    case "not-connected":
      return { kind: "refused", because: "trouble", words: trouble.code };
    case "unclear":
      return { kind: "unclear" };
    default:
      return unreachable(trouble);
  }
}
