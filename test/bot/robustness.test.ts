import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BotInput, Turn } from "#bot";
import type { Json } from "#kit";
import { seedKnowledge } from "../../src/bot/seed/index.ts";
import { createShelf, createTalk, OWN, scooter } from "./support.ts";

const { bot } = createTalk({ crm: createShelf([scooter]).crm });
const input = (given: Partial<BotInput>): BotInput => ({
  texts: [],
  choice: null,
  hasMedia: false,
  locale: "ru",
  phone: OWN,
  memory: null,
  ...given,
});

/** What every messenger can carry and every screen shows. */
function expectFit(turn: Turn): void {
  expect(turn.text.length).toBeLessThanOrEqual(1024);
  expect(turn.text !== "" || turn.handOff !== null).toBe(true);
  expect(turn.choices.length).toBeLessThanOrEqual(3);
  expect(turn.choices.every(({ title }) => title.length > 0 && title.length <= 20)).toBe(true);
  expect(new Set(turn.choices.map(({ title }) => title)).size).toBe(turn.choices.length);
  expect(turn.guesses.length).toBeLessThanOrEqual(3);
  expect(turn.guesses.every(({ confidence }) => confidence >= 0 && confidence <= 1)).toBe(true);
  expect(JSON.parse(JSON.stringify(turn.memory))).toEqual(turn.memory);
}

const SHAPES: [string, string][] = [
  ["nothing", ""],
  ["spaces", "   \n\t "],
  ["one character", "?"],
  ["one letter", "я"],
  ["ten thousand letters", "а".repeat(10_000)],
  ["ten thousand dots", "a.".repeat(5_000)],
  ["4,096 characters of words", "заказ operator вернуть 12345 ".repeat(142)],
  ["one endless English word", "abcdefghij".repeat(410)],
  ["characters that grow when normalised", "ﷺ".repeat(4096)],
  ["emoji", "🎉🧸🚀"],
  ["a family emoji", "👨‍👩‍👧‍👦"],
  ["zero width", "\u200b\u200d\ufeff\u2060"],
  ["zero width inside a word", "опе\u200bра\u200dтор"],
  ["right to left", "\u202eأين طلبي\u202c"],
  ["marks upon marks", `о${"\u0336\u0489".repeat(500)}`],
  ["a lone surrogate", "\ud83d заказ \udc00"],
  ["a NUL", "where\u0000 is"],
  ["__proto__", "__proto__"],
  ["constructor", "constructor toString valueOf hasOwnProperty"],
  ["SQL", "'; drop table intents; --"],
  ["a template", "{{constructor.constructor('return 1')()}} ${1} <script>"],
];

describe("whatever comes in", () => {
  it.each(SHAPES)("%s gets a turn that fits the messenger", async (_, text) => {
    expectFit(await bot.answer(input({ texts: [text] })));
  });

  it("a word with invisible characters inside is still the word", async () => {
    const turn = await bot.answer(input({ texts: ["опе\u200bра\u200dтор"] }));

    expect(turn.handOff).toEqual({ because: "asked-for-person" });
  });

  it("any burst gets a turn that fits the messenger", async () => {
    const text = fc.oneof(fc.string({ unit: "binary", maxLength: 600 }), fc.string({ unit: "grapheme" }), soup);
    const burst = fc.record({
      texts: fc.array(text, { maxLength: 6 }),
      choice: fc.option(
        fc.oneof(fc.string(), fc.constantFrom("yes", "no", "person", "intent:returns", "intent:__proto__")),
      ),
      hasMedia: fc.boolean(),
      locale: fc.constantFrom("ru" as const, "en" as const),
      phone: fc.constantFrom(OWN, null),
    });

    await fc.assert(
      fc.asyncProperty(fc.array(burst, { minLength: 1, maxLength: 4 }), async (bursts) => {
        let memory: Json = null;
        for (const given of bursts) {
          const turn = await bot.answer({ ...given, memory });
          expectFit(turn);
          memory = turn.memory;
        }
      }),
      { numRuns: 500 },
    );
  });

  it("any memory is survived", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), soup, async (memory, text) => {
        expectFit(await bot.answer(input({ texts: [text], memory: memory as Json })));
      }),
      { numRuns: 300 },
    );
  });

  it("BOT-2: never asks a third time in a row, whatever is said", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(soup, { minLength: 3, maxLength: 8 }), async (texts) => {
        let memory: Json = null;
        let questions = 0;
        for (const text of texts) {
          const turn = await bot.answer(input({ texts: [text], memory }));
          questions = isQuestion(turn) ? questions + 1 : 0;
          expect(questions).toBeLessThanOrEqual(2);
          memory = turn.memory;
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** A turn that wants another wording: a greeting is none, nor is an answer. */
const isQuestion = (turn: Turn) =>
  turn.handOff === null && !turn.finished && !turn.callMe && (turn.memory as { misses: number }).misses > 0;

/** Words of the trade in any order: nearer to the thresholds than noise. */
const soup = fc
  .array(
    fc.constantFrom(
      ...seedKnowledge.flatMap((intent) => intent.examples.ru.join(" ").split(" ")),
      "оператор",
      "да",
      "нет",
      "48213",
      "\n",
      "?",
    ),
    {
      maxLength: 12,
    },
  )
  .map((words) => words.join(" "));
