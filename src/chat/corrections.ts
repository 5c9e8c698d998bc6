import { storableText, type Instant, type MessageId } from "#kit";
import { recordEvents, type Tx } from "#db";
import { cleanFileName } from "#media";
import type { Arrived } from "./inbound.ts";
import { wanted } from "./core/media.ts";
import { readInbound } from "./core/inbound.ts";
import { replaceMedia, takeMediaOf, tellMedia } from "./media-store.ts";
import { findReferred, type Referred } from "./people-store.ts";
import { textsIn } from "./texts/texts.ts";

const REPLACE = `
  update message set content = $3, text = $4, meta = coalesce(meta, '{}') || jsonb_build_object($5::text, $6::double precision)
  where tenant = $1 and id = $2`;

/** Puts edited words in place and a tombstone where a message was taken back. */
export async function correct(
  tx: Tx,
  corrections: (Arrived<"edited"> | Arrived<"deleted">)[],
  now: Instant,
): Promise<void> {
  for (const { row, event, at } of corrections) {
    const target = await find(tx, row.channel, event.providerId);
    if (!target) {
      await recordEvents(tx, [{ at: now, kind: "message.correction-orphaned", data: { correction: event.kind } }]);
      continue;
    }
    const { content, text } = replacement(event, target);
    const mark = event.kind === "edited" ? "editedAt" : "deletedAt";
    await tx.query(REPLACE, [tx.tenant, target.messageId, storableText(content), text, mark, at]);
    await correctFile(tx, target.messageId, event, now);
  }
}

/** A message that is taken back takes its file along; an edit may bring another one. */
async function correctFile(
  tx: Tx,
  messageId: MessageId,
  event: (Arrived<"edited"> | Arrived<"deleted">)["event"],
  now: Instant,
): Promise<void> {
  const row = await takeMediaOf(tx, messageId);
  if (!row) return;
  const content = event.kind === "edited" ? event.content : null;
  if (content?.kind !== "media") await tellMedia(tx, [{ row, event: { kind: "taken-back" } }], { now });
  else if (content.fileId !== row.fileId) {
    const { fileId, media: kind } = content;
    await replaceMedia(tx, row.id, { fileId, kind, fileName: cleanFileName(content.fileName), state: wanted(now) });
  }
}

function replacement(event: (Arrived<"edited"> | Arrived<"deleted">)["event"], { locale }: Referred) {
  const texts = textsIn(locale);
  if (event.kind === "deleted" || event.content.kind === "reaction")
    return { content: { kind: "deleted" }, text: texts.deleted };
  return { content: event.content, text: readInbound(event.content, texts).text };
}

const REACT = `
  update message set meta = coalesce(meta, '{}') || jsonb_build_object('reaction', $3::text)
  where tenant = $1 and id = $2`;

/** Attaches a reaction to the message it is about; an empty one takes it back. */
export async function react(tx: Tx, reactions: Arrived<"message">[], now: Instant): Promise<void> {
  for (const { row, event } of reactions) {
    if (event.content.kind !== "reaction") continue;
    const target = await find(tx, row.channel, event.content.to);
    if (target) await tx.query(REACT, [tx.tenant, target.messageId, event.content.emoji || null]);
    else await recordEvents(tx, [{ at: now, kind: "message.correction-orphaned", data: { correction: "reaction" } }]);
  }
}

const find = async (tx: Tx, channel: string, providerId: string): Promise<Referred | undefined> =>
  (await findReferred(tx, channel, [providerId], [])).find((found) => found.providerId === providerId);
