import { createHash } from "node:crypto";

const MOST_BYTES = 64;
const MARK = "~";

/**
 * What a button carries for a choice: its id, or for one that does not fit into 64 bytes a key made of it. The choice is
 * found again among those of the tapped message, so nothing has to be remembered.
 */
export function keyOf(id: string): string {
  if (Buffer.byteLength(id) <= MOST_BYTES && !id.startsWith(MARK)) return id;
  return MARK + createHash("sha256").update(id).digest("base64url");
}
