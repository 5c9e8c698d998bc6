import { createHash } from "node:crypto";
import { between, minutes } from "#kit";
import type { Clock, Instant } from "#kit";
import type { Random } from "../kit/random.ts";
import { refusal, unknownObject } from "./errors.ts";
import type { Refusal } from "./errors.ts";
import type { WhatsAppFaults } from "./faults.ts";

/** A file as Meta keeps it. */
export interface File {
  id: string;
  bytes: Buffer;
  mimeType: string;
  sha256: string;
}

/** What a download is answered with. */
export type Given =
  | { kind: "file"; mimeType: string; bytes: Buffer; /** Promised in the headers. */ length: number }
  | { kind: "status"; status: number }
  | { kind: "redirect"; to: string };

/** Files by id; their download addresses hold for five minutes. */
export interface Media {
  keep(bytes: Buffer, mimeType: string): File;
  find(id: string): File | null;
  /** Carries out an upload: a multipart body with `messaging_product` and `file`. */
  upload(body: Buffer, contentType: string): Promise<{ id: string } | Refusal>;
  describe(id: string, baseUrl: string): object | Refusal;
  download(id: string, ticket: string): Given;
}

const ADDRESS_LIFE = minutes(5);
const MEGABYTE = 1024 * 1024;

const OFFICE = "application/vnd.openxmlformats-officedocument";

/** What Meta takes, and how large it may be, by the kind of message it is for. */
const TAKEN: Record<string, { types: string[]; mostBytes: number }> = {
  image: { types: ["image/jpeg", "image/png"], mostBytes: 5 * MEGABYTE },
  video: { types: ["video/mp4", "video/3gpp"], mostBytes: 16 * MEGABYTE },
  audio: {
    types: ["audio/aac", "audio/mp4", "audio/mpeg", "audio/amr", "audio/ogg; codecs=opus"],
    mostBytes: 16 * MEGABYTE,
  },
  sticker: { types: ["image/webp"], mostBytes: 500 * 1024 },
  document: {
    types: [
      "text/plain",
      "application/pdf",
      "application/msword",
      "application/vnd.ms-excel",
      "application/vnd.ms-powerpoint",
      `${OFFICE}.wordprocessingml.document`,
      `${OFFICE}.spreadsheetml.sheet`,
      `${OFFICE}.presentationml.presentation`,
    ],
    mostBytes: 100 * MEGABYTE,
  },
};

const spelled = (type: string) => type.toLowerCase().replace(/;\s*/g, "; ");

/** What Meta would say against a file in a message of this kind; null when it goes. */
export function refuseFile(kind: string, file: File): Refusal | null {
  const taken = TAKEN[kind];
  if (!taken?.types.includes(spelled(file.mimeType)))
    return refusal(131053, `Media upload error: ${file.mimeType} cannot be sent as ${kind}.`);
  if (file.bytes.length > taken.mostBytes)
    return refusal(131053, `Media upload error: the file is too large for ${kind}.`);
  return null;
}

export function createMedia(clock: Clock, random: Random, { media: faults }: Pick<WhatsAppFaults, "media">): Media {
  const files = new Map<string, File>();
  const tickets = new Map<string, { id: string; issuedAt: Instant }>();

  const keep = (bytes: Buffer, mimeType: string): File => {
    const sha256 = createHash("sha256").update(bytes).digest("base64");
    const file = { id: `1${String(files.size + 1).padStart(5, "0")}${random.below(1e9)}`, bytes, mimeType, sha256 };
    files.set(file.id, file);
    return file;
  };

  const isFresh = (ticket: { issuedAt: Instant }) =>
    !faults.staleAddresses && between(ticket.issuedAt, clock.now()) < ADDRESS_LIFE;

  return {
    keep,
    find: (id) => files.get(id) ?? null,
    async upload(body, contentType) {
      const form = await readForm(body, contentType);
      const file = form?.get("file");
      if (form?.get("messaging_product") !== "whatsapp")
        return refusal(100, "(#100) Missing parameter messaging_product");
      if (!(file instanceof Blob)) return refusal(100, "(#100) Missing parameter file");
      const type = spelled(file.type);
      const taken = Object.values(TAKEN).find(({ types }) => types.includes(type));
      if (!taken)
        return refusal(100, `(#100) Param file must be a file with one of the supported types, received ${file.type}.`);
      if (file.size > taken.mostBytes) return refusal(131053, "Media upload error: the file is too large.");
      return { id: keep(Buffer.from(await file.arrayBuffer()), file.type).id };
    },
    describe(id, baseUrl) {
      const file = files.get(id);
      if (!file || faults.gone) return unknownObject(id);
      const ticket = random.hex(24);
      tickets.set(ticket, { id, issuedAt: clock.now() });
      return {
        messaging_product: "whatsapp",
        url: `${faults.elsewhere ?? baseUrl}/whatsapp_business/attachments/?mid=${id}&ext=${ticket}`,
        mime_type: file.mimeType,
        sha256: Buffer.from(file.sha256, "base64").toString("hex"),
        file_size: String(file.bytes.length),
        id,
      };
    },
    download(id, ticket) {
      const file = files.get(id);
      const known = tickets.get(ticket);
      if (faults.redirectTo !== null) return { kind: "redirect", to: faults.redirectTo };
      if (faults.status !== null) return { kind: "status", status: faults.status };
      if (!file || known?.id !== id || !isFresh(known)) return { kind: "status", status: 404 };
      const { mimeType, bytes } = file;
      const given = faults.garbled ? Buffer.from(bytes.map((byte) => byte ^ 0xff)) : bytes;
      const half = faults.cut ? given.subarray(0, Math.ceil(given.length / 2)) : given;
      return { kind: "file", mimeType, bytes: half, length: bytes.length };
    },
  };
}

async function readForm(body: Buffer, contentType: string): Promise<FormData | null> {
  try {
    return await new Response(new Uint8Array(body), { headers: { "content-type": contentType } }).formData();
  } catch {
    return null;
  }
}
