import { describe, expect, it } from "vitest";
import { seedKnowledge } from "../../src/bot/seed/index.ts";
import { answering, createTalk } from "./support.ts";

describe("edited knowledge", () => {
  it("BOT-1: is in use right after reload", async () => {
    let intents = seedKnowledge;
    const talk = createTalk({ knowledge: { intents: () => Promise.resolve(intents) } });
    await talk.tap("intent:returns");

    intents = intents.map((intent) => (intent.code === "returns" ? answering(intent, "Ninety days.") : intent));
    await talk.bot.reload();

    expect((await talk.tap("intent:returns")).text).toContain("Ninety days.");
  });

  it("is not undone by an older, slower reading", async () => {
    const readings: ((answer: string) => void)[] = [];
    const returns = seedKnowledge.filter((intent) => intent.code === "returns");
    const talk = createTalk({
      knowledge: {
        intents: () =>
          new Promise((resolve) => {
            readings.push((answer) => resolve(returns.map((intent) => answering(intent, answer))));
          }),
      },
    });

    const [older, newer] = [talk.bot.reload(), talk.bot.reload()];
    readings[1]?.("New.");
    await newer;
    readings[0]?.("Old.");
    await older;

    expect((await talk.tap("intent:returns")).text).toContain("New.");
  });
});
