import { copyFile, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { messageOf } from "#kit";
import { flush, makeFolder, needRoom } from "./disk.ts";
import type { MediaStore } from "./store.ts";

/** Files in a folder of this machine: `ab/abcdef…`, written elsewhere and renamed into place. */
export function createFileStore(folder: string): MediaStore {
  const pathOf = (sha256: string) => join(folder, sha256.slice(0, 2), sha256);

  return {
    name: "files",

    async put({ path, size, sha256 }) {
      const target = pathOf(sha256);
      if (await isThere(target, size)) return;
      await makeFolder(dirname(target));
      await needRoom(folder, size);
      await flush(path);
      await moveInto(path, target);
      await flush(dirname(target));
      await flush(folder);
    },

    async open(sha256, part) {
      const handle = await open(pathOf(sha256), "r").catch(absent);
      return handle?.createReadStream(part ? { start: part.from, end: part.to } : {}) ?? null;
    },

    async remove(sha256) {
      await rm(pathOf(sha256), { force: true });
    },

    async check() {
      try {
        await makeFolder(folder);
        await needRoom(folder, 0);
        return { ok: true };
      } catch (error) {
        return { ok: false, sentence: `Files cannot be kept in ${folder}: ${messageOf(error)}` };
      }
    },

    close() {},
  };
}

const isThere = async (path: string, size: number): Promise<boolean> => (await stat(path).catch(absent))?.size === size;

/** A rename within one disk is all or nothing; across disks a copy is renamed. */
async function moveInto(path: string, target: string): Promise<void> {
  try {
    await rename(path, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    await copyFile(path, `${target}.part`);
    await flush(`${target}.part`);
    await rename(`${target}.part`, target);
  }
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT") return null;
  throw error;
}
