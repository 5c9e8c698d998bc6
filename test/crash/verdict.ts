import type { Program } from "./program.ts";
import type { Count } from "./recount.ts";

const LONGEST_START_MS = 5000;

/** Which promises broke, each in a sentence; empty when all were kept. */
export function verdict(count: Count, starts: number[], { ownDeaths }: Pick<Program, "ownDeaths">): string[] {
  const broken: string[] = [];
  const none = (number: number, sentence: string) => void (number !== 0 && broken.push(`${number} ${sentence}`));
  none(count.lost, "messages were never answered.");
  none(count.written - count.inInbox, "messages are missing in the inbox.");
  none(count.written - count.inConversations, "messages are missing, doubled or out of order in the conversations.");
  none(count.answeredTwice - count.repeatedAndMarked, "messages were answered twice.");
  none(count.repeatedAndMarked, "sends were repeated although receipts were on their way.");
  none(count.outOfOrder, "replies came out of order.");
  none(count.wrongHangUps, "calls were ended without a message on the phone.");
  none(count.brokenCalls, "calls were cut off by an error.");
  none(count.nowhere, "callers are neither in the queue nor gone.");
  none(count.invitedTwice, "callers were invited twice.");
  none(count.goneUninvited, "callers are gone without an invite and without a callback.");
  none(count.stuckRows, "rows are stuck.");
  none(starts.filter((ms) => ms > LONGEST_START_MS).length, "starts took longer than five seconds.");
  none(ownDeaths, "times the program ended by itself.");
  return broken;
}
