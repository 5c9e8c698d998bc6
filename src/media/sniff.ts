import { open } from "node:fs/promises";
import { fileTypeFromFile } from "file-type";
import { textTypeOf } from "./core/text.ts";
import { UNKNOWN_TYPE, namedType } from "./core/types.ts";

const HEAD = 64 * 1024;

/** What a file really is, by its content; the name only tells old Office files apart. What it was declared to be does not count. */
export async function sniffType(path: string, fileName: string | null): Promise<string> {
  const detected = await fileTypeFromFile(path).catch(() => undefined);
  if (detected && detected.mime !== "application/xml") return namedType(detected.mime, fileName);
  const head = await readHead(path);
  return textTypeOf(head.bytes, head.isWhole) ?? detected?.mime ?? UNKNOWN_TYPE;
}

async function readHead(path: string): Promise<{ bytes: Uint8Array; isWhole: boolean }> {
  const handle = await open(path, "r");
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(HEAD, size)), 0);
    return { bytes: buffer.subarray(0, bytesRead), isWhole: size <= HEAD };
  } finally {
    await handle.close();
  }
}
