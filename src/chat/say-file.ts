import type { MediaId, OperatorId } from "#kit";
import type { MediaKind, OutboundContent } from "./channel.ts";
import type { Conduct } from "./conduct.ts";
import { fileLine } from "./core/inbound.ts";
import type { StoredFile } from "./core/media.ts";
import type { Ids } from "./ids.ts";
import { textsIn } from "./texts/texts.ts";
import type { Changes, NewMessage, Thread } from "./thread.ts";

/** Who says something, and under which id of the browser's. */
export interface By {
  author: "operator";
  operatorId: OperatorId;
  clientId: string;
}

/** A kept file as it is to be sent. */
export interface FileWords {
  as: MediaKind;
  file: StoredFile;
  fileName: string;
  /** What was written beside it. */
  text: string;
  /** Characters the channel takes along with this kind of file. */
  caption: number;
}

/** Adds a file to the outbox. Words that do not fit beside it follow as a message of their own. */
export function sayFile(
  { conduct, ids }: { conduct: Pick<Conduct, "say">; ids: Ids },
  thread: Thread,
  { as, file, fileName, text, caption, ...by }: FileWords & By,
  changes: Changes,
): NewMessage {
  const beside = text.length <= caption ? text : "";
  const mediaId = ids<MediaId>();
  const content: OutboundContent = { kind: "media", media: as, text: beside, mediaId, ...file, fileName };
  const line = fileLine(as, beside, textsIn(thread.locale));
  const message = conduct.say(thread, { ...by, content, text: line }, changes);
  const { channel, account, id: conversationId } = thread;
  const of = { id: mediaId, messageId: message.id, conversationId, channel, account };
  changes.media.push({
    ...of,
    direction: "out",
    kind: as,
    fileId: null,
    fileName,
    state: { at: "stored", file },
  });
  if (beside !== text) {
    const { author, operatorId } = by;
    conduct.say(thread, { author, operatorId, content: { kind: "text", text } }, changes);
  }
  return message;
}
