import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";

/** Keeps secrets in the database so that the database alone does not give them away. */
export interface Seal {
  /** False without a key: nothing can be closed or opened then. */
  readonly ready: boolean;
  /** `about` says what the secret belongs to; opened with other words it stays shut. Throws without a key. */
  close(secret: string, about: string[]): string;
  /** The secret; null when the key that closed it is not here or something was changed. */
  open(sealed: string, about: string[]): string | null;
  /** True when the present key closed it. */
  isFresh(sealed: string): boolean;
}

const VERSION = "1";
const NONCE = 12;

/** AES-256-GCM with the present key; the previous one still opens. Keys are 32 bytes. */
export function createSeal(present?: Buffer, previous?: Buffer): Seal {
  const known = [present, previous].filter((key) => key !== undefined);
  const byId = new Map(known.map((key) => [idOf(key), key]));

  return {
    ready: present !== undefined,
    close(secret, about) {
      if (!present) throw new Error("A secret cannot be sealed without a key.");
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv("aes-256-gcm", present, nonce).setAAD(bytesOf(about));
      const text = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
      const parts = [nonce, cipher.getAuthTag(), text].map((part) => part.toString("base64url"));
      return [VERSION, idOf(present), ...parts].join(".");
    },
    open(sealed, about) {
      const [version, id = "", nonce = "", tag = "", text = ""] = sealed.split(".");
      const key = byId.get(id);
      if (version !== VERSION || !key) return null;
      try {
        const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64url"), { authTagLength: 16 });
        decipher.setAAD(bytesOf(about)).setAuthTag(Buffer.from(tag, "base64url"));
        return decipher.update(text, "base64url", "utf8") + decipher.final("utf8");
      } catch {
        return null;
      }
    },
    isFresh: (sealed) => present !== undefined && sealed.split(".")[1] === idOf(present),
  };
}

/** Tells keys apart and nothing more. */
const idOf = (key: Buffer) => createHash("sha256").update(key).digest("base64url").slice(0, 8);

/** As JSON, so that no two lists read the same. */
const bytesOf = (about: string[]) => Buffer.from(JSON.stringify(about));
