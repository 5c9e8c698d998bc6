import { describe, expect, it } from "vitest";
import { hasKazakhLetters, locales, type Locale } from "#kit";
import { textsIn as botTexts } from "../../src/bot/texts/texts.ts";
import { textsIn as chatTexts } from "../../src/chat/texts/texts.ts";
import { catalogue as callTexts } from "../../src/ivr/texts/index.ts";
import { voiceTexts } from "../../src/voice/twilio/texts/index.ts";

/** Every catalogue that customers read or hear. */
const catalogues: Record<string, (locale: Locale) => object> = {
  "the call": (locale) => callTexts[locale],
  "the telephone by itself": (locale) => voiceTexts[locale],
  "the chat": chatTexts,
  "the bot": botTexts,
};

/** Every path with the kind of thing that stands there; lists of words may differ in length. */
function shapeOf(part: object, path = ""): string[] {
  return Object.entries(part).flatMap(([key, value]) => {
    if (Array.isArray(value) && value.every((one) => typeof one === "string")) return [`${path}${key}: words`];
    return typeof value === "object" && value !== null
      ? shapeOf(value as object, `${path}${key}.`)
      : [`${path}${key}: ${typeof value}`];
  });
}

const textsOf = (part: object): string[] =>
  Object.values(part).flatMap((value) => {
    if (typeof value === "string") return [value];
    return typeof value === "object" && value !== null ? textsOf(value as object) : [];
  });

describe.each(Object.entries(catalogues))("the catalogue of %s", (_name, textsIn) => {
  it.each(locales)("has every text in %s", (locale) => {
    expect(shapeOf(textsIn(locale)).toSorted()).toEqual(shapeOf(textsIn("ru")).toSorted());
    expect(textsOf(textsIn(locale)).filter((text) => text.trim() === "")).toEqual([]);
  });

  it("is translated, not copied", () => {
    const [ru, en, kk] = [new Set(textsOf(textsIn("ru"))), textsOf(textsIn("en")), textsOf(textsIn("kk"))];
    const long = (text: string) => text.length > 12 && !text.startsWith("intent:");

    expect([...en, ...kk].filter((text) => long(text) && ru.has(text))).toEqual([]);
    expect(en.filter((text) => long(text) && /\p{Script=Cyrillic}/u.test(text))).toEqual([]);
    expect(kk.some(hasKazakhLetters)).toBe(true);
  });
});
