import type { JsonObject } from "#kit";
import type { Random } from "../kit/random.ts";
import { badRequest, type Refusal } from "./refusal.ts";

export type MediaKind = "photo" | "document" | "voice" | "video" | "audio" | "sticker" | "video_note";

export interface FileTraits {
  mimeType?: string;
  fileName?: string;
  /** Tells a size other than the number of bytes, to play a large file. */
  size?: number;
}

interface File extends FileTraits {
  id: string;
  uniqueId: string;
  path: string;
  bytes: Buffer;
}

/** Files by id. */
export interface Files {
  keep(kind: MediaKind, bytes: Buffer, traits?: FileTraits): File;
  byId(id: string): File | null;
  /** `getFile`. */
  describe(id: string): JsonObject | Refusal;
  byPath(path: string): File | null;
}

const LARGEST_DOWNLOAD = 20 * 1024 * 1024;

export function createFiles(random: Random): Files {
  const files = new Map<string, File>();

  return {
    keep(kind, bytes, traits = {}) {
      const id = `AgAC${random.hex(40)}`;
      const path = `${kind}s/file_${files.size + 1}`;
      const file = { ...traits, id, uniqueId: `AQAD${random.hex(12)}`, path, bytes };
      files.set(id, file);
      return file;
    },
    byId: (id) => files.get(id) ?? null,
    describe(id) {
      const file = files.get(id);
      if (!file) return badRequest("wrong file_id or the file is temporarily unavailable");
      if (sizeOf(file) > LARGEST_DOWNLOAD) return badRequest("file is too big");
      return { ...referenceTo(file), file_path: file.path };
    },
    byPath: (path) => [...files.values()].find((file) => file.path === path) ?? null,
  };
}

const sizeOf = ({ size, bytes }: File) => size ?? bytes.length;

const referenceTo = (file: File): JsonObject => ({
  file_id: file.id,
  file_unique_id: file.uniqueId,
  file_size: sizeOf(file),
});

/** A file as a message carries it; a photo comes in several sizes. */
export function mediaContent(kind: MediaKind, file: File): JsonObject {
  const reference = referenceTo(file);
  const type = file.mimeType === undefined ? {} : { mime_type: file.mimeType };
  const name = file.fileName === undefined ? {} : { file_name: file.fileName };
  switch (kind) {
    case "photo":
      return {
        photo: [
          { ...reference, file_id: `${file.id}s`, width: 90, height: 67 },
          { ...reference, width: 1280, height: 960 },
        ],
      };
    case "document":
      return { document: { ...reference, ...name, ...type } };
    case "voice":
      return { voice: { ...reference, duration: 3, ...type } };
    case "audio":
      return { audio: { ...reference, duration: 3, ...name, ...type } };
    case "video":
      return { video: { ...reference, duration: 3, width: 640, height: 480, ...name, ...type } };
    case "video_note":
      return { video_note: { ...reference, duration: 3, length: 240 } };
    case "sticker":
      return {
        sticker: { ...reference, type: "regular", width: 512, height: 512, is_animated: false, is_video: false },
      };
  }
}
