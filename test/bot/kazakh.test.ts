import { describe, expect, it } from "vitest";
import { languageOf } from "../../src/bot/core/language.ts";
import { normalise } from "../../src/bot/core/normalise.ts";
import { wordsOf } from "../../src/bot/core/words.ts";
import { createTalk, hearOnce, OTHER, scooter, createShelf } from "./support.ts";

const personRequests = [
  "оператор",
  "Оператор керек",
  "операторды шақырыңыз",
  "операторды шақырыңызшы",
  "операторға қосыңыз",
  "Оператормен сөйлескім келеді",
  "мені операторға қосыңызшы, өтінемін",
  "адаммен сөйлескім келеді",
  "Адам керек!",
  "тірі адам керек",
  "маған тірі адаммен сөйлесу керек",
  "маман керек",
  "маманға қосыңыз",
  "маманмен байланыстырыңыз",
  "менеджерді шақырыңыз",
  "менеджермен сөйлесейін",
  "менеджер",
  "қызметкерді шақырыңыз",
  "қызметкермен байланыстырыңызшы",
  "консультантпен сөйлескім келеді",
  "кеңесші керек",
  "роботпен сөйлескім келмейді",
  "ботпен сөйлескім келмейді",
  "роботпен емес, адаммен сөйлескім келеді",
  "басшымен сөйлескім келеді",
  "Сәлеметсіз бе, операторды шақырып беріңізші",
];

const ordinary = [
  "Тапсырысым қайда?",
  "Чек керек",
  "Екі адамға арналған ойын бар ма?",
  "Тауарды қалай қайтарамын?",
  "Жеткізу қанша тұрады?",
  "Самокат бар ма?",
  "Жұмыс уақыты қандай?",
  "маған көмек керек",
  "Тапсырысқа тағы бір тауар қосыңыз",
  "Рақмет",
];

const paraphrases: [string, string][] = [
  ["Менің тапсырысым қазір қайда екен?", "order-status"],
  ["тапсырысым қашан келеді екен", "order-status"],
  ["Сәлемдемем әлі келмеді", "order-status"],
  ["Тапсырыстан бас тартсам бола ма?", "cancel-order"],
  ["Жеткізу мекенжайын ауыстырғым келеді", "change-order"],
  ["Чекті қайдан алам?", "receipt"],
  ["Қанша күнде жеткізесіңдер?", "delivery-time"],
  ["Ертең жеткізіп бере аласыздар ма?", "delivery-time"],
  ["Жеткізу неше теңге тұрады?", "delivery-price"],
  ["Жеткізу тегін емес пе?", "delivery-price"],
  ["Тапсырысты өзім алып кетсем бе деп едім", "pickup-points"],
  ["Сыйлық қылып орап бересіздер ме?", "gift-wrap"],
  ["Картамен төлесем бола ма?", "payment-methods"],
  ["Төлем өтпей қалды", "payment-failed"],
  ["Промокодым жұмыс істемей жатыр", "promo-code"],
  ["Бонустарым қанша?", "loyalty-points"],
  ["Тауарды қайтарғым келеді", "returns"],
  ["Ақшамды қашан қайтарасыздар?", "returns"],
  ["Қорабы жоқ тауарды қайтаруға бола ма?", "return-without-box"],
  ["Басқа өлшемге айырбастап бересіздер ме?", "exchange"],
  ["Ойыншық бір аптада сынып қалды", "warranty"],
  ["Дүкен сағат нешеде жабылады?", "store-hours"],
  ["Жексенбі күні жұмыс істейсіздер ме?", "store-hours"],
  ["Дүкеніңіз қай жерде?", "store-address"],
  ["Бұл самокат қоймада бар ма?", "availability"],
];

describe("what the bot understands in Kazakh", () => {
  it("BOT-3: hands every request for a person over at once, in Kazakh", async () => {
    const turns = await Promise.all(personRequests.map(async (text) => ({ text, turn: await hearOnce("kk", text) })));

    expect(turns.filter(({ turn }) => turn.handOff?.because !== "asked-for-person").map(({ text }) => text)).toEqual(
      [],
    );
    expect(turns.filter(({ turn }) => turn.language !== "kk").map(({ text }) => text)).toEqual([]);
  });

  it("hands nobody over who did not ask for it", async () => {
    const turns = await Promise.all(ordinary.map(async (text) => ({ text, turn: await hearOnce("kk", text) })));

    expect(turns.filter(({ turn }) => turn.handOff !== null).map(({ text }) => text)).toEqual([]);
  });

  it("finds the topic of at least 80 % of phrases it has never seen, and is never sure of a wrong one", async () => {
    const turns = await Promise.all(
      paraphrases.map(async ([text, topic]) => ({ text, topic, best: (await hearOnce("kk", text)).guesses[0] })),
    );
    const found = turns.filter(({ best, topic }) => best?.intent === topic);
    const wrong = turns.filter(({ best, topic }) => best && best.intent !== topic && best.confidence >= 0.65);

    expect(found.length / paraphrases.length).toBeGreaterThanOrEqual(0.8);
    expect(wrong).toEqual([]);
  });

  it("asks to complain to a person, and takes no complaint for granted", async () => {
    expect((await hearOnce("kk", "Бұл масқара, шағымданамын!")).handOff).toEqual({ because: "complaint" });
    expect((await hearOnce("kk", "шағым жоқ, рақмет")).handOff).toBeNull();
  });

  it("says that it is a robot when asked", async () => {
    for (const text of ["сіз роботсыз ба?", "бұл бот па?", "сен роботсың ба"])
      expect((await hearOnce("kk", text)).text).toContain("Мен роботпын");
  });
});

describe("a conversation in Kazakh", () => {
  it("goes from the greeting to the order to the thanks", async () => {
    const talk = createTalk({ locale: "kk", crm: createShelf([scooter]).crm });

    expect((await talk.say("Сәлеметсіз бе")).text).toContain("Қалай көмектесейін?");
    expect((await talk.say("тапсырысым қайда?")).text).toMatch(
      /^48213 нөмірлі тапсырыс \(.*\) курьерде\. Жеткізу мерзімі: бүгін сағат 14:00-ге дейін\..*Сұрағыңыздың жауабы осы ма\?$/,
    );
    expect(await talk.say("иә, рақмет")).toMatchObject({ finished: true, text: "Оқасы жоқ! Күніңіз сәтті өтсін." });
  });

  it("asks once for the number and finds no stranger's order", async () => {
    const talk = createTalk({ locale: "kk", phone: OTHER });

    expect((await talk.say("Тапсырысым қайда?")).text).toContain("Тапсырыс нөмірін жазыңыз");
    expect((await talk.say("тапсырыс нөмірі 99999")).handOff).not.toBeNull();
  });

  it("offers what it is not sure of in Kazakh, and takes a word for the choice", async () => {
    const talk = createTalk({ locale: "kk" });
    const offered = await talk.say("тауар туралы");
    const [first] = offered.choices;

    expect(offered.text).toContain("Осы туралы ма?");
    expect(offered.choices.at(-1)).toEqual({ id: "person", title: "Адамды шақыру" });
    expect((await talk.say("бірінші")).guesses).toEqual([{ intent: first!.id.replace("intent:", ""), confidence: 1 }]);
  });
});

describe("the language", () => {
  const of = (text: string, known: "ru" | "en" | "kk") => languageOf(wordsOf(normalise(text)), known);

  it("is Kazakh by its letters or words, whatever was spoken before", () => {
    expect(of("Тапсырысым қайда?", "ru")).toBe("kk");
    expect(of("тапсырыс кайда", "ru")).toBe("kk");
    expect(of("рахмет", "en")).toBe("kk");
  });

  it("stays Kazakh where words are the same, and becomes Russian where only Russian has them", () => {
    expect(of("оператор", "kk")).toBe("kk");
    expect(of("менеджер 48213", "kk")).toBe("kk");
    expect(of("где мой заказ", "kk")).toBe("ru");
    expect(of("оператор", "ru")).toBe("ru");
    expect(of("сәлем, где мой заказ", "kk")).toBe("ru");
  });

  it("is not Kazakh for a Ukrainian letter", () => {
    expect(of("де моє замовлення, привіт", "ru")).toBe("ru");
  });
});
