import { describe, expect, it } from "vitest";
import { seedKnowledge } from "../../src/bot/seed/index.ts";
import { answering, createTalk, idsOf, titlesOf } from "./support.ts";

describe("an answer from the knowledge", () => {
  it("DM-9: asks whether it helped and offers a person", async () => {
    const turn = await createTalk().say("great, and can I return it without the box?");

    expect(turn.text).toBe(
      "Yes, within 14 days, with the receipt or your phone number. Did that answer your question?",
    );
    expect(turn.choices).toEqual([
      { id: "yes", title: "Yes, thanks" },
      { id: "person", title: "Ask a person" },
    ]);
    expect(turn).toMatchObject({ handOff: null, finished: false, callMe: false });
    expect(turn.guesses[0]?.intent).toBe("return-without-box");
  });

  it("speaks Russian to a customer who writes Russian, whatever the conversation began in", async () => {
    const talk = createTalk({ locale: "en" });
    const written = await talk.say("сколько стоит доставка?");
    const tapped = await talk.tap("intent:returns");

    expect(titlesOf(written)).toEqual(["Да, спасибо", "Позвать человека"]);
    expect(tapped.text).toContain("Вернуть можно");
  });

  it("answers a burst once, by the part that says most", async () => {
    const turn = await createTalk({ locale: "ru" }).say(
      "Здравствуйте",
      "подскажите пожалуйста",
      "сколько стоит доставка?",
    );

    expect(turn.guesses[0]?.intent).toBe("delivery-price");
    expect(turn.text).toContain("290");
  });

  it.each(["yes", "thanks", "ok great", "да", "спасибо, всё понятно", "👍", "нет, спасибо"])(
    "is finished by “%s”",
    async (reply) => {
      const talk = createTalk();
      await talk.tap("intent:returns");

      expect(await talk.say(reply)).toMatchObject({ finished: true, handOff: null, choices: [] });
    },
  );

  it("is finished by a tap on “yes”", async () => {
    const talk = createTalk();
    await talk.say("do you gift wrap?");

    expect((await talk.tap("yes")).finished).toBe(true);
  });

  it("is not given a second time after “no”: a person takes over", async () => {
    const talk = createTalk();
    await talk.say("how much is delivery");
    const asked = await talk.say("no");
    const again = await talk.say("how much does delivery cost");

    expect(asked).toMatchObject({ handOff: null, finished: false });
    expect(idsOf(asked)).toEqual(["person"]);
    expect(again.handOff).toEqual({ because: "repeated-miss" });
  });
});

describe("what the bot does not understand", () => {
  it("BOT-2: leads to one question and then to a person, never to a third", async () => {
    const talk = createTalk();
    const first = await talk.say("qwrtp zzkl");
    const second = await talk.say("vvbn mmkj");

    expect(first.handOff).toBeNull();
    expect(idsOf(first)).toEqual(["person"]);
    expect(second.handOff).toEqual({ because: "repeated-miss" });
  });

  it("BOT-2: is offered as up to three buttons when it resembles something", async () => {
    const talk = createTalk();
    const turn = await talk.say("i already threw out the packaging, can i send it back");
    const tapped = await talk.tap("intent:return-without-box");

    expect(turn.text).toContain("Did you mean");
    expect(idsOf(turn)).toContain("intent:return-without-box");
    expect(turn.choices.length).toBeLessThanOrEqual(3);
    expect(tapped.text).toContain("within 14 days");
  });

  it("may be settled by typing the place or the title of a button", async () => {
    const [byPlace, byTitle] = [createTalk(), createTalk()];
    const offered = await byPlace.say("i already threw out the packaging, can i send it back");
    await byTitle.say("i already threw out the packaging, can i send it back");

    expect((await byPlace.say("the first one")).guesses[0]?.intent).toBe(idsOf(offered)[0]?.replace("intent:", ""));
    expect((await byTitle.say("returns")).guesses).toEqual([{ intent: "returns", confidence: 1 }]);
  });

  it("counts from the beginning again after an answer", async () => {
    const talk = createTalk();
    await talk.say("qwrtp zzkl");
    await talk.say("how much is delivery");

    expect((await talk.say("vvbn mmkj")).handOff).toBeNull();
  });

  it("hands over with the reason when a topic has no answer written yet", async () => {
    const silent = seedKnowledge.map((intent) => answering(intent, " "));
    const talk = createTalk({ knowledge: { intents: () => Promise.resolve(silent) } });

    expect((await talk.tap("intent:returns")).handOff).toEqual({ because: "low-confidence" });
  });
});

describe("small talk", () => {
  it("BOT-6: says that it is a robot in the greeting", async () => {
    const [ru, en] = [await createTalk({ locale: "ru" }).say("Привет!"), await createTalk().say("hello")];

    expect(ru.text).toContain("робот");
    expect(en.text).toContain("robot");
    expect(en.choices).toEqual([
      { id: "intent:order-status", title: "Where is my order" },
      { id: "intent:returns", title: "Returns" },
      { id: "person", title: "Ask a person" },
    ]);
  });

  it.each(["are you a robot?", "am I talking to a human?", "ты бот?", "вы живой человек?", "кто ты"])(
    "BOT-6: admits being a robot when asked “%s”",
    async (text) => {
      const turn = await createTalk().say(text);

      expect(turn.text).toMatch(/I'm a robot|Я робот/);
      expect(turn.handOff).toBeNull();
      expect(idsOf(turn)).toEqual(["person"]);
    },
  );

  it.each(["спасибо", "Спасибо большое!", "thanks a lot", "Thank you!!"])("ends politely on “%s”", async (text) => {
    const turn = await createTalk().say(text);

    expect(turn.finished).toBe(true);
    expect(turn.text).not.toBe("");
  });

  it("answers the question that comes with the thanks", async () => {
    const turn = await createTalk({ locale: "ru" }).say("спасибо, а сколько стоит доставка?");

    expect(turn).toMatchObject({ finished: false });
    expect(turn.guesses[0]?.intent).toBe("delivery-price");
  });

  it("does not greet for ever", async () => {
    const talk = createTalk();
    await talk.say("hello");
    await talk.say("hello");

    expect((await talk.say("hello")).handOff).toEqual({ because: "repeated-miss" });
  });
});

describe("a wish to be phoned", () => {
  it.each(["call me back", "перезвоните мне пожалуйста", "Позвоните мне!", "can you call me"])(
    "DM-20: goes back to the voice queue: %s",
    async (text) => {
      const turn = await createTalk().say(text);

      expect(turn).toMatchObject({ callMe: true, handOff: null });
      expect(turn.text).not.toBe("");
    },
  );

  it("becomes a hand-off when no number is known", async () => {
    const turn = await createTalk({ phone: null }).say("call me back");

    expect(turn).toMatchObject({ callMe: false, handOff: { because: "asked-for-person" } });
  });
});

describe("taps", () => {
  it.each(["intent:order-status", "intent:returns"])("of the invite's quick replies work: %s", async (choice) => {
    const turn = await createTalk().tap(choice);

    expect(turn.text).not.toBe("");
    expect(turn.guesses).toEqual([{ intent: choice.replace("intent:", ""), confidence: 1 }]);
  });

  it("on “ask a person” hand over", async () => {
    expect((await createTalk().tap("person")).handOff).toEqual({ because: "asked-for-person" });
  });

  it("decide, whatever else the burst says", async () => {
    const { bot } = createTalk();
    const turn = await bot.answer({
      texts: ["how much is delivery"],
      choice: "intent:returns",
      hasMedia: true,
      locale: "en",
      phone: null,
      memory: null,
    });

    expect(turn.guesses[0]?.intent).toBe("returns");
  });

  it("on a button nobody knows any more fall back to the words", async () => {
    const { bot } = createTalk();
    const input = { hasMedia: false, locale: "en", phone: null, memory: null } as const;

    expect(
      (await bot.answer({ ...input, texts: ["how much is delivery"], choice: "intent:gone" })).guesses[0]?.intent,
    ).toBe("delivery-price");
    expect((await bot.answer({ ...input, texts: [], choice: "__proto__" })).handOff).toBeNull();
  });
});

describe("pictures without words", () => {
  it("are asked about once and then handed over", async () => {
    const talk = createTalk();
    const first = await talk.sendPicture();
    const second = await talk.sendPicture();

    expect(first.handOff).toBeNull();
    expect(idsOf(first)).toEqual(["person"]);
    expect(second.handOff).toEqual({ because: "media-only" });
  });
});
