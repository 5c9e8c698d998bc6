import { describe, expect, it } from "vitest";
import { seedKnowledge } from "../../src/bot/seed/index.ts";
import { ordinaryQuestions, personRequests } from "./phrases-people.ts";
import { paraphrases } from "./phrases-intents.ts";
import { hearOnce } from "./support.ts";

const LANGUAGES = ["ru", "en"] as const;

describe.each(LANGUAGES)("what the bot understands in %s", (locale) => {
  it("finds the topic of at least 80 % of phrases it has never seen", async () => {
    const phrases = paraphrases[locale];
    const seen = new Set(seedKnowledge.flatMap((intent) => intent.examples[locale].map((text) => text.toLowerCase())));

    const found = await Promise.all(
      phrases.map(async ([text, intent]) => (await hearOnce(locale, text)).guesses[0]?.intent === intent),
    );

    expect(phrases.length).toBeGreaterThanOrEqual(40);
    expect(phrases.filter(([text]) => seen.has(text.toLowerCase()))).toEqual([]);
    expect(found.filter(Boolean).length / phrases.length).toBeGreaterThanOrEqual(0.8);
  });

  it("is never sure of the wrong topic on those phrases", async () => {
    const wrong: string[] = [];
    for (const [text, intent] of paraphrases[locale]) {
      const turn = await hearOnce(locale, text);
      const best = turn.guesses[0];
      if (best && best.confidence >= 0.65 && best.intent !== intent) wrong.push(`${text}: ${best.intent}`);
    }

    expect(wrong).toEqual([]);
  });

  it("BOT-3: hands every request for a person over at once", async () => {
    const kept: string[] = [];
    for (const text of personRequests[locale]) {
      const turn = await hearOnce(locale, text);
      if (turn.handOff?.because !== "asked-for-person") kept.push(text);
    }

    expect(personRequests[locale].length).toBeGreaterThanOrEqual(60);
    expect(kept).toEqual([]);
  });

  it("takes no ordinary question for a request for a person, a complaint or a wish to be phoned", async () => {
    const handedOver: string[] = [];
    for (const text of ordinaryQuestions[locale]) {
      const turn = await hearOnce(locale, text);
      const because = turn.handOff?.because;
      if (because === "asked-for-person" || because === "complaint") handedOver.push(`${text}: ${because}`);
      if (turn.callMe) handedOver.push(`${text}: call me`);
    }

    expect(ordinaryQuestions[locale].length).toBeGreaterThanOrEqual(60);
    expect(handedOver).toEqual([]);
  });

  it("hears the request for a person in any message of a burst", async () => {
    const [first, middle, last] = [
      await hearOnce(locale, "operator", "where is my order", "48213"),
      await hearOnce(locale, "привет", "хочу поговорить с человеком", "у меня вопрос"),
      await hearOnce(locale, "x".repeat(4000), "позовите оператора"),
    ];

    expect([first, middle, last].map((turn) => turn.handOff?.because)).toEqual(Array(3).fill("asked-for-person"));
  });
});

describe("an angry customer", () => {
  it.each([
    "Ужасный сервис, больше никогда!",
    "хочу подать жалобу на курьера",
    "безабразие а не магазин",
    "вы меня обманули, где деньги",
    "this is unacceptable, I will complain",
    "your service is terrible",
    "what the fuck is going on with my order",
  ])("goes to a person: %s", async (text) => {
    expect((await hearOnce("en", text)).handOff).toEqual({ because: "complaint" });
  });

  it.each(["у меня нет жалоб, спасибо", "no complaints, all good", "расскажите про суданский набор"])(
    "is not seen in: %s",
    async (text) => {
      expect((await hearOnce("en", text)).handOff).toBeNull();
    },
  );
});
