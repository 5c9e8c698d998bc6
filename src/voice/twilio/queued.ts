import { instant } from "#kit";
import type { QueuedCaller, Telephone } from "#voice";
import type Twilio from "twilio/lib/rest/Twilio.js";
import type { Trouble } from "./trouble.ts";
import { callStatus, isOver } from "./words.ts";

type Account = ReturnType<Twilio["api"]["v2010"]["accounts"]>;

/** Who waits at Twilio, whether we know of them or not. */
export function createQueued({
  account,
  noted,
}: {
  account: Account;
  noted: (asked: string, error: unknown) => Trouble;
}) {
  async function membersOf(queue: { sid: string; friendlyName: string }): Promise<QueuedCaller[]> {
    const members = await account.queues(queue.sid).members.list();
    return members.map(({ callSid, dateEnqueued }) => ({
      providerCall: callSid,
      queue: queue.friendlyName,
      providerQueue: queue.sid,
      since: instant(dateEnqueued.getTime()),
    }));
  }

  return {
    async queued(queues) {
      try {
        const known = await account.queues.list();
        const busy = known.filter(({ friendlyName, currentSize }) => currentSize > 0 && queues.includes(friendlyName));
        return (await Promise.all(busy.map(membersOf))).flat();
      } catch (error) {
        noted("list-queues", error);
        return null;
      }
    },

    async callerOf(providerCall) {
      try {
        const { from, to, status } = await account.calls(providerCall).fetch();
        return isOver(callStatus(status)) ? null : { from, to };
      } catch (error) {
        noted("caller-of", error);
        return null;
      }
    },
  } satisfies Pick<Telephone, "queued" | "callerOf">;
}
