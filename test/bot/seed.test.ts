import { describe, expect, it } from "vitest";
import { seedKnowledge } from "../../src/bot/seed/index.ts";
import { locales } from "#kit";

describe("the seeded knowledge of the toy shop", () => {
  it("has a code of its own for every topic", () => {
    const codes = seedKnowledge.map((intent) => intent.code);

    expect(new Set(codes).size).toBe(codes.length);
    expect(codes).toEqual(
      expect.arrayContaining(["order-status", "returns", "greeting", "thanks", "call-me", "ask-for-person"]),
    );
  });

  it.each(locales)("has at least ten different examples and an answer for each in %s", (locale) => {
    const poor = seedKnowledge.filter((intent) => new Set(intent.examples[locale]).size < 10);
    const silent = seedKnowledge.filter((intent) => intent.answers[locale] === "").map((intent) => intent.code);

    expect(poor).toEqual([]);
    expect(silent).toEqual(["order-status", "ask-for-person"]); // the CRM and the chat's hand-off line speak there
  });

  it.each(locales)("begins every list in %s with a title that fits a button", (locale) => {
    const titles = seedKnowledge.map((intent) => intent.examples[locale][0] ?? "");

    expect(titles.filter((title) => title === "" || title.length > 20)).toEqual([]);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it("gives no example to two topics", () => {
    const examples = seedKnowledge
      .flatMap((intent) => Object.values(intent.examples).flat())
      .map((text) => text.toLowerCase());

    expect(examples.filter((text, at) => examples.indexOf(text) !== at)).toEqual([]);
  });
});
