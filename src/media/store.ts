import type { Readable } from "node:stream";

/** A whole file on this machine's disk, known by what is in it. */
export interface WholeFile {
  path: string;
  size: number;
  /** Hexadecimal. */
  sha256: string;
}

/** The first and the last byte that are wanted. */
export interface Part {
  from: number;
  to: number;
}

/** Keeps files under the hash of their content, so the same file is kept once. */
export interface MediaStore {
  readonly name: string;

  /** Resolves once the content would survive a power cut. Takes the file away or leaves it; may be repeated. */
  put(file: WholeFile): Promise<void>;

  /** The content or a part of it; null when it is not there. */
  open(sha256: string, part?: Part): Promise<Readable | null>;

  /** Does nothing when it is not there. */
  remove(sha256: string): Promise<void>;

  /** A real round trip; a sentence when something is wrong. */
  check(): Promise<{ ok: true } | { ok: false; sentence: string }>;

  close(): void;
}
