/** An element as fast-xml-parser gives it when order matters: one name, its children, and attributes under `:@`. */
export type XmlNode = { [name: string]: XmlNode[] | Record<string, string> | string };

export type Attributes = Record<string, string>;

/** A document Twilio would refuse; `code` is Twilio's own. */
export class TwimlError extends Error {
  override readonly name = "TwimlError";
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export const nameOf = (node: XmlNode): string => Object.keys(node).find((name) => name !== ":@") ?? "#text";

export const childrenOf = (node: XmlNode): XmlNode[] => {
  const children = node[nameOf(node)];
  return Array.isArray(children) ? children : [];
};

export const attributesOf = (node: XmlNode): Attributes => (node[":@"] ?? {}) as Attributes;

/** All words inside, however deep they are wrapped (SSML). */
export function textOf(node: XmlNode): string {
  const own = node["#text"];
  if (typeof own === "string") return own;
  return childrenOf(node).map(textOf).join("");
}

/** A whole number that is not negative. */
export function whole<T>(given: Attributes, name: string, usual: T): number | T {
  const text = given[name];
  if (text === undefined || text === "") return usual;
  if (!/^\d+$/.test(text)) throw new TwimlError(12200, `${name}="${text}" is not a whole number.`);
  return Number(text);
}

/** One of these words; the first is meant when none is given. Case of methods does not matter. */
export function oneOf<T extends string>(given: Attributes, name: string, words: readonly [T, ...T[]]): T {
  const text = given[name];
  if (text === undefined || text === "") return words[0];
  const word = words.find((known) => known.toLowerCase() === text.toLowerCase());
  if (word === undefined) throw new TwimlError(12200, `${name}="${text}" is not one of ${words.join(", ")}.`);
  return word;
}

export const flag = (given: Attributes, name: string, usual: boolean): boolean =>
  oneOf(given, name, usual ? ["true", "false"] : ["false", "true"]) === "true";
