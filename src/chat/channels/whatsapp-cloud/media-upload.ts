import { days, later, minutes, seconds, type Clock, type Instant } from "#kit";
import { z } from "zod";
import type { OutboundMessage, SendOutcome } from "../../channel.ts";
import type { Client, Reply } from "./client.ts";
import { outcomeOf } from "./errors.ts";
import { errorIn } from "./outcome.ts";
import type { WhatsAppAccount } from "./settings.ts";

const RETRY = seconds(5);
const uploadedSchema = z.object({ id: z.string().min(1) });

/** Meta keeps an upload for 30 days. */
const KNOWN_FOR = days(29);
const MOST_KNOWN = 1000;

type Uploaded = { kind: "uploaded"; id: string } | Exclude<SendOutcome, { kind: "accepted" | "unclear" }>;

/** Gives files to Meta before they are sent by their id; the same file is given once. */
export interface Uploader {
  /** Never `unclear`: nothing reaches the customer by an upload. */
  upload(number: WhatsAppAccount, message: OutboundMessage): Promise<Uploaded>;
  /** Meta does not know this upload any more. */
  forget(message: OutboundMessage): void;
}

export function createUploader({ client, clock }: { client: Pick<Client, "upload">; clock: Clock }): Uploader {
  const known = new Map<string, { id: string; until: Instant }>();

  function remember(key: string, id: string) {
    known.set(key, { id, until: later(clock.now(), KNOWN_FOR) });
    const [oldest] = known.keys();
    if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest);
  }

  return {
    async upload({ accessToken, phoneNumberId }, message) {
      const { content } = message;
      if (content.kind !== "media") return NOT_A_FILE;
      const key = keyOf(message);
      const before = known.get(key);
      if (before && before.until > clock.now()) return { kind: "uploaded", id: before.id };
      const body = await message.openFile?.();
      if (!body) return NOT_KEPT;
      const file = { name: content.fileName, type: content.type, size: content.size, body };
      const reply = await client.upload(accessToken, `/${phoneNumberId}/media`, {
        fields: { messaging_product: "whatsapp", type: content.type },
        file,
      });
      const outcome = uploadedBy(reply);
      if (outcome.kind === "uploaded") remember(key, outcome.id);
      return outcome;
    },
    forget: (message) => void known.delete(keyOf(message)),
  };
}

const keyOf = ({ to, content }: OutboundMessage): string =>
  content.kind === "media" ? `${to.account} ${content.sha256} ${content.type} ${content.fileName}` : "";

const NOT_A_FILE: Uploaded = { kind: "refused", because: "invalid", code: "no_file", words: "This is not a file." };
const NOT_KEPT: Uploaded = {
  kind: "refused",
  because: "invalid",
  code: "file_not_kept",
  words: "The file is not kept here any more.",
};

function uploadedBy(reply: Reply): Uploaded {
  if (reply.kind !== "answered") return { kind: "busy", retryAfterMs: RETRY };
  const id = reply.status === 200 ? uploadedSchema.safeParse(reply.body).data?.id : undefined;
  if (id !== undefined) return { kind: "uploaded", id };
  const error = errorIn(reply.body);
  const outcome = error && outcomeOf(error, reply.status, reply.retryAfterMs);
  if (outcome?.kind === "refused" || outcome?.kind === "busy") return outcome;
  return { kind: "busy", retryAfterMs: minutes(1) };
}
