import { describe, expect, it } from "vitest";
import { languageOf } from "../../src/bot/core/language.ts";
import { normalise, shorten } from "../../src/bot/core/normalise.ts";
import { orderNumberIn } from "../../src/bot/core/order-number.ts";
import { stemOf, wordsOf } from "../../src/bot/core/words.ts";
import { emojiVerdict, replyIn } from "../../src/bot/core/yes-no.ts";

describe("normalising", () => {
  it.each([
    ["ЁЛКА", "елка"],
    ["ｈｅｌｌｏ", "hello"],
    ["помогитееее", "помогите"],
    ["heeeelp", "heelp"],
    ["don't", "dont"],
    ["за\u200bказ", "заказ"],
    ["один\nдва", "один ; два"],
  ])("makes %j into %j", (text, expected) => {
    expect(normalise(text)).toBe(expected);
  });

  it("keeps 500 characters and 64 letters of a word at most", () => {
    expect(normalise("ab ".repeat(500)).length).toBeLessThanOrEqual(500);
    expect(Math.max(...wordsOf(normalise("xy".repeat(300))).map((word) => word.length))).toBe(64);
  });

  it("never shortens in the middle of a character", () => {
    expect(shorten("ab🎉cd", 4)).toBe("ab…");
    expect(shorten("abcd", 4)).toBe("abcd");
  });
});

describe("words", () => {
  it("are Russian when disguised by Latin look-alikes", () => {
    expect(wordsOf("oпepатop")).toEqual(["оператор"]);
  });

  it("may be spelt letter by letter", () => {
    expect(wordsOf("h e l p me a b")).toEqual(["help", "me", "a", "b"]);
  });

  it("lose their endings in both languages; numbers are all alike", () => {
    expect(["заказы", "заказа", "returning", "returns", "48213"].map(stemOf)).toEqual([
      "заказ",
      "заказ",
      "return",
      "return",
      "0",
    ]);
  });
});

describe("the language of an answer", () => {
  it.each([
    ["где мой заказ", "en", "ru"],
    ["where is my order", "ru", "en"],
    ["gde zakaz", "ru", "ru"],
    ["lego technic", "ru", "ru"],
    ["48213", "en", "en"],
    ["أين طلبي", "en", "en"],
  ] as const)("of “%s” known as %s is %s", (text, known, expected) => {
    expect(languageOf(wordsOf(normalise(text)), known)).toBe(expected);
  });
});

describe("an order number", () => {
  it.each([
    ["заказ 48213", "48213"],
    ["№48213", "48213"],
    ["#1234", "1234"],
    ["мой номер +7 900 000 01 42, заказ 48213", "48213"],
    ["123", null],
    ["123456789", null],
    ["5000 руб", null],
    ["$4000", null],
    ["21.11.2026", null],
  ])("in “%s” is %s", (text, expected) => {
    expect(orderNumberIn(normalise(text))).toBe(expected);
  });
});

describe("yes and no", () => {
  it.each([
    ["да", "yes"],
    ["ага, помогло", "yes"],
    ["yes it did", "yes"],
    ["нет", "no"],
    ["no, not what i asked", "no"],
    ["нет, спасибо", "thanks"],
    ["да, а сколько стоит доставка", null],
  ])("“%s” means %s", (text, expected) => {
    expect(replyIn(wordsOf(normalise(text)))).toBe(expected);
  });

  it("may be an emoji", () => {
    expect(["👍🏽", "❤️", "👎", "🧸", "👍 где заказ"].map(emojiVerdict)).toEqual(["yes", "yes", "no", null, null]);
  });
});
