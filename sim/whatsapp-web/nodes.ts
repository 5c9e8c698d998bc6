import type { BinaryNode } from "@whiskeysockets/baileys";

export const SERVER = "@s.whatsapp.net";

/** A node without content, or with what is given. */
export const node = (tag: string, attrs: Record<string, string> = {}, content?: BinaryNode["content"]): BinaryNode => ({
  tag,
  attrs,
  ...(content === undefined ? {} : { content }),
});

export const children = ({ content }: BinaryNode): BinaryNode[] => (Array.isArray(content) ? content : []);

/** The first child with this tag. */
export const child = (parent: BinaryNode | undefined, tag: string): BinaryNode | undefined =>
  parent && children(parent).find((one) => one.tag === tag);

/** The bytes inside a child. */
export function bytesIn(parent: BinaryNode | undefined, tag: string): Buffer {
  const content = child(parent, tag)?.content;
  return typeof content === "string" || content instanceof Uint8Array ? Buffer.from(content) : Buffer.alloc(0);
}

/** A number written big-endian into a child. */
export const numberIn = (parent: BinaryNode | undefined, tag: string): number => {
  const bytes = bytesIn(parent, tag);
  return bytes.length === 0 ? 0 : bytes.readUIntBE(0, bytes.length);
};

/** The answer to a query. */
export const resultOf = ({ attrs }: BinaryNode, ...content: BinaryNode[]): BinaryNode =>
  node("iq", { type: "result", from: SERVER, id: attrs["id"]! }, content);

/** The refusal of a query. */
export const errorOf = ({ attrs }: BinaryNode, code: number, text: string): BinaryNode =>
  node("iq", { type: "error", from: SERVER, id: attrs["id"]! }, [node("error", { code: String(code), text })]);
