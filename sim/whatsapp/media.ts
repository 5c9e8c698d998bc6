import { createHash } from "node:crypto";
import { between, minutes } from "#kit";
import type { Clock, Instant } from "#kit";
import type { Random } from "../kit/random.ts";
import { refusal, unknownObject } from "./errors.ts";
import type { Refusal } from "./errors.ts";

interface File {
  id: string;
  bytes: Buffer;
  mimeType: string;
  sha256: string;
}

/** Files by id; their download addresses hold for five minutes. */
export interface Media {
  keep(bytes: Buffer, mimeType: string): File;
  /** Carries out an upload: a multipart body with `messaging_product` and `file`. */
  upload(body: Buffer, contentType: string): Promise<{ id: string } | Refusal>;
  describe(id: string, baseUrl: string): object | Refusal;
  download(id: string, ticket: string): File | null;
}

const ADDRESS_LIFE = minutes(5);

export function createMedia(clock: Clock, random: Random): Media {
  const files = new Map<string, File>();
  const tickets = new Map<string, { id: string; issuedAt: Instant }>();

  const keep = (bytes: Buffer, mimeType: string): File => {
    const sha256 = createHash("sha256").update(bytes).digest("base64");
    const file = { id: `1${String(files.size + 1).padStart(5, "0")}${random.below(1e9)}`, bytes, mimeType, sha256 };
    files.set(file.id, file);
    return file;
  };

  return {
    keep,
    async upload(body, contentType) {
      const form = await readForm(body, contentType);
      const file = form?.get("file");
      if (form?.get("messaging_product") !== "whatsapp")
        return refusal(100, "(#100) Missing parameter messaging_product");
      if (!(file instanceof Blob)) return refusal(100, "(#100) Missing parameter file");
      return { id: keep(Buffer.from(await file.arrayBuffer()), file.type).id };
    },
    describe(id, baseUrl) {
      const file = files.get(id);
      if (!file) return unknownObject(id);
      const ticket = random.hex(24);
      tickets.set(ticket, { id, issuedAt: clock.now() });
      return {
        messaging_product: "whatsapp",
        url: `${baseUrl}/whatsapp_business/attachments/?mid=${id}&ext=${ticket}`,
        mime_type: file.mimeType,
        sha256: file.sha256,
        file_size: String(file.bytes.length),
        id,
      };
    },
    download(id, ticket) {
      const known = tickets.get(ticket);
      const isFresh = known?.id === id && between(known.issuedAt, clock.now()) < ADDRESS_LIFE;
      return isFresh ? (files.get(id) ?? null) : null;
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
