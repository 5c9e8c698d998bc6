import type { Clock, ConversationId, MediaId } from "#kit";
import type { Database, Wakes } from "#db";
import { cleanFileName, type Received, type Spool } from "#media";
import type { Operator } from "#staff";
import type { Readable } from "node:stream";
import type { MediaAbilities } from "./channel.ts";
import type { Conduct } from "./conduct.ts";
import { fitFile, largestCarried, typesCarried } from "./core/media-fit.ts";
import type { Keeper } from "./media-files.ts";
import { takeMedia, tellMedia } from "./media-store.ts";
import type { OperatorActions, Replied } from "./operator-actions.ts";
import { readThread } from "./thread-store.ts";

interface Deps {
  front: Database;
  clock: Clock;
  wakes: Wakes;
  conduct: Pick<Conduct, "abilities">;
  actions: Pick<OperatorActions, "refusalOf" | "sendFile">;
  keeper: Keeper;
  spool: Spool;
  mostBytes: number;
}

/** A file on its way from an operator's browser. */
export interface Upload {
  clientId: string;
  text: string;
  fileName: string;
  body: Readable;
  /** True when the body was longer than it may be; known once it was read. */
  wasCut(): boolean;
}

type FileRefused =
  | { kind: "no-files" }
  | { kind: "too-large"; most: number }
  | { kind: "wrong-type"; types: string[] }
  | { kind: "empty" }
  | { kind: "not-stored" }
  | { kind: "broken" };

export type Attached = Replied | FileRefused;

/** What may be attached in a conversation. */
export interface AttachLimits {
  types: string[];
  mostBytes: number;
}

/** Files that operators send, and those of customers they want fetched once more. */
export type Attachments = ReturnType<typeof createAttachments>;

export function createAttachments({ front, clock, wakes, conduct, actions, keeper, spool, mostBytes }: Deps) {
  /** What may be sent on a channel; null when it carries no files. */
  function limits(channel: string): AttachLimits | null {
    const media = conduct.abilities(channel)?.media;
    return media ? { types: typesCarried(media), mostBytes: Math.min(mostBytes, largestCarried(media)) } : null;
  }

  /** Takes a file in, and queues it when the conversation and its channel allow that. What is refused stays unread. */
  async function send(operator: Operator, id: ConversationId, upload: Upload): Promise<Attached> {
    const refused = await actions.refusalOf(operator, id, upload.clientId);
    if (refused) return refused;
    const thread = await readThread(front, id);
    const media = thread && conduct.abilities(thread.channel)?.media;
    if (!media) return { kind: "no-files" };
    const received = await receive(upload, media);
    return "kind" in received ? received : queue(operator, id, upload, received.file, media);
  }

  async function receive(upload: Upload, media: MediaAbilities): Promise<{ file: Received } | FileRefused> {
    const most = Math.min(mostBytes, largestCarried(media));
    const came = await spool.take(upload.body, { most, fileName: upload.fileName });
    if (came.kind === "too-large") return { kind: "too-large", most };
    if (came.kind === "no-room") return { kind: "not-stored" };
    if (came.kind === "broken") return { kind: "broken" };
    if (!upload.wasCut()) return { file: came.file };
    await came.file.discard();
    return { kind: "too-large", most };
  }

  async function queue(
    operator: Operator,
    id: ConversationId,
    { clientId, text, fileName }: Upload,
    received: Received,
    media: MediaAbilities,
  ): Promise<Attached> {
    const { sha256, size, type } = received;
    const fit = fitFile(media, received);
    if (size === 0 || fit.kind !== "fits") {
      await received.discard();
      if (size === 0) return { kind: "empty" };
      return fit.kind === "too-large" ? fit : { kind: "wrong-type", types: typesCarried(media) };
    }
    if (!(await keeper.keep(front, received))) return { kind: "not-stored" };
    const file = { sha256, size, type };
    const words = { file, fileName: cleanFileName(fileName) ?? "file", text, as: fit.as, caption: fit.caption };
    return actions.sendFile(operator, id, { clientId, ...words });
  }

  /** Wishes for another try to fetch a customer's file. */
  async function fetchAgain(
    id: ConversationId,
    mediaId: MediaId,
  ): Promise<"wanted" | "not-found" | "nothing-to-fetch"> {
    const outcome = await front.tx(async (tx) => {
      const row = await takeMedia(tx, mediaId);
      if (!row || row.conversationId !== id) return "not-found";
      const now = clock.now();
      const [told] = await tellMedia(tx, [{ row, event: { kind: "asked-again", at: now } }], { now });
      return told!.state.at === "wanted" || told!.state.at === "fetching" ? "wanted" : "nothing-to-fetch";
    });
    if (outcome === "wanted") {
      wakes.wake("media");
      wakes.wake("events");
    }
    return outcome;
  }

  return { limits, send, fetchAgain };
}
