import type { CallId, ConversationId, Instant } from "#kit";
import { recordEvents, type Tx } from "#db";
import type { Channel, ChannelEvent } from "./channel.ts";
import type { ChatHooks, InviteProgress } from "./door.ts";
import { raiseAlarm } from "./alarm-store.ts";
import type { TakeBlocks } from "./blocks.ts";
import { correct, react } from "./corrections.ts";
import type { InboxRow } from "./inbox-store.ts";
import type { Listener } from "./listener.ts";
import { claimName, findPeople, moveConversations } from "./people-store.ts";
import { provenBy } from "./seen.ts";
import { applyReports, type AppliedReport, type StatusReport } from "./status-store.ts";
import { learnTemplate } from "./template-store.ts";
import type { Changes } from "./thread.ts";

/** Events of one kind, each with the row it came in. */
export type Arrived<Kind extends ChannelEvent["kind"]> = {
  row: InboxRow;
  event: Extract<ChannelEvent, { kind: Kind }>;
  at: Instant;
};

/** Works on events of many customers at once, in one transaction and few statements. */
export function createInbound(deps: {
  listener: Listener;
  blocks: TakeBlocks;
  channels: Map<string, Channel>;
  hooks: ChatHooks;
}) {
  const { listener, blocks, channels, hooks } = deps;

  /** Everything but the mark that the rows are done. Answers what has to follow after the commit. */
  return async function takeIn(tx: Tx, rows: InboxRow[], now: Instant): Promise<Changes> {
    const inOrder = rows.map((row) => ({ row, event: row.event, at: timeOf(row) })).sort(byLaneAndTime);
    for (const { row, event, at } of of(inOrder, "address-changed")) await rename(tx, row.channel, event, at);
    for (const { row, event, at } of of(inOrder, "template-changed")) await learnTemplate(tx, row.channel, event, at);
    for (const { row, event } of of(inOrder, "account-trouble"))
      await raiseAlarm(tx, { ...event, channel: row.channel, account: row.account, kind: "account" }, now);

    const messages = of(inOrder, "message");
    const reactions = messages.filter(({ event }) => event.content.kind === "reaction");
    const { changes, engaged } = await listener.listen(
      tx,
      messages.filter(({ event }) => event.content.kind !== "reaction"),
      now,
    );
    await blocks(tx, { blocks: of(inOrder, "blocked"), messages }, now);
    await correct(tx, [...of(inOrder, "edited"), ...of(inOrder, "deleted")], now);
    await react(tx, reactions, now);
    const proven = await proofsOfArrival(tx, messages, changes);
    const progress = await report(tx, [...of(inOrder, "status").map(reportOf), ...proven], now);

    for (const one of engaged) await hooks.customerEngaged(tx, one);
    for (const one of progress) await hooks.inviteProgress(tx, one);
    return changes;
  };

  async function proofsOfArrival(
    tx: Tx,
    messages: Arrived<"message">[],
    { threads }: Changes,
  ): Promise<StatusReport[]> {
    const proven: StatusReport[] = [];
    for (const channel of channels.values()) {
      const acts = messages.filter(({ row }) => row.channel === channel.name);
      proven.push(...(await provenBy(tx, channel, acts, threads.values())));
    }
    return proven;
  }
}

export type TakeIn = ReturnType<typeof createInbound>;

const reportOf = ({ row, event, at }: Arrived<"status">): StatusReport => ({
  channel: row.channel,
  messageId: event.messageId,
  providerId: event.providerId,
  status: event.status,
  refusal: event.refusal,
  at,
});

/** The provider's time, when it said one and it is not in the future. */
const timeOf = ({ event, receivedAt }: InboxRow): Instant =>
  event.at > 0 && event.at < receivedAt ? event.at : receivedAt;

type Any = { row: InboxRow; event: ChannelEvent; at: Instant };

const compare = <T extends string | number>(a: T, b: T) => (a < b ? -1 : a > b ? 1 : 0);
const byLaneAndTime = (a: Any, b: Any) =>
  compare(a.row.lane, b.row.lane) ||
  compare(a.at, b.at) ||
  compare(a.event.order ?? 0, b.event.order ?? 0) ||
  compare(a.row.id, b.row.id);

const of = <Kind extends ChannelEvent["kind"]>(all: Any[], kind: Kind): Arrived<Kind>[] =>
  all.filter((one): one is Any & Arrived<Kind> => one.event.kind === kind);

async function rename(tx: Tx, channel: string, event: Arrived<"address-changed">["event"], at: Instant): Promise<void> {
  const [person] = await findPeople(tx, [{ channel, address: event.from }]);
  if (!person) return;
  const { contactId } = person;
  await claimName(tx, { channel, address: event.to, contactId }, at);
  if (event.phone !== null) await claimName(tx, { channel: "phone", address: event.phone, contactId }, at);
  await moveConversations(tx, { contactId, channel, from: event.from, to: event.to });
}

async function report(tx: Tx, reports: StatusReport[], now: Instant): Promise<InviteProgress[]> {
  const { applied, orphans } = await applyReports(tx, reports);
  await recordEvents(
    tx,
    orphans.map(({ status, messageId }) => ({ at: now, kind: "status.orphaned", data: { status, messageId } })),
  );
  return applied.flatMap(progressOf).sort((a, b) => compare(a.callId, b.callId));
}

/** News about an invite, for the router. */
function progressOf({ inviteOf, changed, messageId, report }: AppliedReport): InviteProgress[] {
  if (inviteOf === null || !changed) return [];
  const { status, refusal } = report;
  return [
    {
      callId: inviteOf,
      messageId,
      outcome: { kind: "status", status, code: refusal?.code ?? null, because: refusal?.because ?? null },
    },
  ];
}

export interface Engaged {
  callId: CallId;
  conversationId: ConversationId;
  at: Instant;
}
