import { createHash, randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Transform, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { StartError, hours, messageOf, type Clock } from "#kit";
import { NoRoom, makeFolder, needRoom } from "./disk.ts";
import { sniffType } from "./sniff.ts";
import type { WholeFile } from "./store.ts";

/** A file that came in whole, with the type its content has. */
export interface Received extends WholeFile {
  type: string;
  /** Deletes it, if it is still here. */
  discard(): Promise<void>;
}

type Reception =
  | { kind: "whole"; file: Received }
  | { kind: "too-large" }
  | { kind: "no-room" }
  | { kind: "broken"; words: string };

/** Takes streams of strangers in: on disk, counted, never in memory. */
export interface Spool {
  /** Reads a body to its end, or until it is larger than `most`. Resolves whatever happens to the stream. */
  take(body: Readable, limits: { most: number; fileName: string | null }): Promise<Reception>;
}

const LEFT_BEHIND = hours(6);

class TooLarge extends Error {}

/** Opens the folder where files wait until it is known what to do with them; what an earlier run left there goes. */
export async function openSpool(folder: string, clock: Clock): Promise<Spool> {
  try {
    await makeFolder(folder);
    await sweep(folder, clock);
  } catch (error) {
    throw new StartError(
      `DATA_DIR: no file can be kept in ${folder} (${messageOf(error)}). Let this account write there.`,
    );
  }
  return {
    async take(body, { most, fileName }) {
      const path = join(folder, randomUUID());
      const discard = () => rm(path, { force: true });
      const meter = createMeter(most);
      try {
        await needRoom(folder, 0);
        await pipeline(body, meter.stream, createWriteStream(path, { flags: "wx", mode: 0o600 }));
        const type = await sniffType(path, fileName);
        return { kind: "whole", file: { path, type, ...meter.result(), discard } };
      } catch (error) {
        body.destroy();
        await discard();
        return failureOf(error);
      }
    },
  };
}

function createMeter(most: number) {
  const hash = createHash("sha256");
  let size = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > most) return done(new TooLarge());
      hash.update(chunk);
      return done(null, chunk);
    },
  });
  return { stream, result: () => ({ size, sha256: hash.digest("hex") }) };
}

function failureOf(error: unknown): Reception {
  if (error instanceof TooLarge) return { kind: "too-large" };
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (error instanceof NoRoom || code === "ENOSPC" || code === "EDQUOT") return { kind: "no-room" };
  return { kind: "broken", words: code === "" ? "the transfer broke off" : code };
}

/** Files of processes that were killed. Another process may be using its own, so only old ones go. */
async function sweep(folder: string, clock: Clock): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found && clock.now() - found.mtimeMs > LEFT_BEHIND) await rm(path, { force: true });
  }
}
