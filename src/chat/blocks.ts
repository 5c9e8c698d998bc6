import type { Tx } from "#db";
import type { Instant } from "#kit";
import { endBlocks, noteBlocks, type End, type Word } from "./block-store.ts";
import type { Conduct } from "./conduct.ts";
import { about } from "./effects.ts";
import type { Arrived } from "./inbound.ts";
import { findPeople } from "./people-store.ts";
import { save } from "./save.ts";
import { textsIn } from "./texts/texts.ts";
import { takeLatest } from "./thread-store.ts";
import { noChanges, type Thread } from "./thread.ts";

/** Takes in who does not want to hear from us, and who does again. */
export type TakeBlocks = (
  tx: Tx,
  news: { blocks: Arrived<"blocked">[]; messages: Arrived<"message">[] },
  now: Instant,
) => Promise<void>;

export function createBlocks({ conduct }: { conduct: Conduct }): TakeBlocks {
  return async (tx, { blocks, messages }, now) => {
    const telling = messages.filter(({ row, event }) => event.at > 0 && conduct.abilities(row.channel)?.tellsBlocks);
    await endBlocks(tx, telling.map(wordOf));
    if (blocks.length === 0) return;
    const news = await noteBlocks(tx, newest(blocks));
    for (const end of news) if (end.blocked) await leave(tx, end, now);
  };

  /** The conversation learns it: nobody waits for somebody who cannot be answered. */
  async function leave(tx: Tx, end: End, now: Instant): Promise<void> {
    const thread = await conversationWith(tx, end);
    if (!thread || thread.state.owner === "closed") return;
    const changes = noChanges(now);
    changes.events.push({ ...about(thread), at: now, kind: "chat.blocked" });
    conduct.note(thread, { text: textsIn(thread.locale).blocked, author: "system" }, changes);
    conduct.tell(thread, { kind: "blocked", at: now }, changes);
    await save(tx, changes, conduct.rules(thread.channel));
  }

  async function conversationWith(tx: Tx, { channel, account, address }: End): Promise<Thread | null> {
    const [person] = await findPeople(tx, [{ channel, address }]);
    if (!person) return null;
    const [thread] = await takeLatest(tx, [{ contactId: person.contactId, channel, account }]);
    return thread ?? null;
  }
}

/** By the provider's own clock: ours may differ. */
const wordOf = ({ row, event }: Arrived<"message"> | Arrived<"blocked">): Word => ({
  channel: row.channel,
  account: row.account,
  address: event.from,
  at: event.at,
  turn: event.order ?? 0,
});

/** The last word of each address: events come in the order of their time. */
function newest(blocks: Arrived<"blocked">[]) {
  const words = blocks.map((block) => ({ ...wordOf(block), blocked: block.event.blocked }));
  return [...new Map(words.map((word) => [`${word.channel} ${word.account} ${word.address}`, word])).values()];
}
