import type { Tx } from "#db";
import type { Instant } from "#kit";
import { endBlocks, noteBlocks, type End } from "./block-store.ts";
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

/** Messages count by our own clock, which no provider's late delivery sets back. */
export function createBlocks({ conduct }: { conduct: Conduct }): TakeBlocks {
  return async (tx, { blocks, messages }, now) => {
    const telling = messages.filter(({ row }) => conduct.abilities(row.channel)?.tellsBlocks);
    await endBlocks(
      tx,
      telling.map(({ row, event }) => ({ ...endOf(row, event.from), at: row.receivedAt })),
    );
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

const endOf = ({ channel, account }: Arrived<"message">["row"], address: string): End => ({
  channel,
  account,
  address,
});

/** The last word of each address: events come in the order of their time. */
function newest(blocks: Arrived<"blocked">[]) {
  const words = blocks.map(({ row, event, at }) => ({ ...endOf(row, event.from), blocked: event.blocked, at }));
  return [...new Map(words.map((word) => [`${word.channel} ${word.account} ${word.address}`, word])).values()];
}
