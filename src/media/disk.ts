import { mkdir, open, statfs } from "node:fs/promises";

/** What stays free: the database may live on the same disk, and a full one stops the hotline. */
const RESERVE = 512 * 1024 * 1024;

/** The disk has no room for this; what was not written can be fetched again. */
export class NoRoom extends Error {
  override readonly name = "NoRoom";
}

/** Throws `NoRoom` when `bytes` more would bring the disk of this folder near its end. */
export async function needRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < bytes + RESERVE) throw new NoRoom("The disk is nearly full, so no file is kept.");
}

/** Makes a folder that only our account may enter. */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
}

/** Makes what was written into a file, or the names in a folder, survive a power cut. */
export async function flush(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
