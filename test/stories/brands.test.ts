import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Phone } from "../../sim/twilio/index.ts";
import type { WhatsApp } from "../../sim/whatsapp/index.ts";
import { demo } from "../support/demo-env.ts";
import { admin, hears, MOBILE, operator, sentences, story, type Worker } from "../support/people.ts";
import { createWorld, type World } from "../support/world.ts";

const ALMATY = "+77012345678";
/** One number for each line; the last one leads to the only line of the books. */
const LINES = { ru: "+77172000001", en: "+77172000002", kk: "+77172000003", books: "+74951234567" };
const OFFERS = { ru: /нажмите 1/, en: /press 1/, kk: /1-ді бас/ };

/** The number of the toys: another app, another business account. */
const toysNumber = {
  phoneNumberId: "200000000000001",
  businessAccountId: "300000000000001",
  accessToken: "token-of-the-toys",
  appSecret: "app-secret-of-the-toys",
  verifyToken: "verify-of-the-toys",
  displayNumber: "77172000000",
  businessName: "Текше",
};
const { displayNumber: _number, businessName: _name, ...toysSettings } = toysNumber;

const brands = {
  toys: {
    name: { ru: "Кубик", en: "Kubik", kk: "Текше" },
    locale: "kk",
    region: "KZ",
    timeZone: "Asia/Almaty",
    hours: [{ days: [1, 2, 3, 4, 5, 6, 7], from: "09:00", until: "21:00" }],
  },
  books: { name: { ru: "Страница" }, locale: "ru", region: "RU", timeZone: "Europe/Moscow" },
};

describe("two brands, two WhatsApp numbers, lines in Russian, English and Kazakh", () => {
  let world: World;
  let toys: WhatsApp;
  let boss: Worker;
  let worker: Worker;

  beforeEach(async () => {
    world = await createWorld({ SECRETS_KEY: randomBytes(32).toString("base64"), CHAT_SHOP_NAME: "Общий дом" }, [
      toysNumber,
    ]);
    [toys] = world.otherNumbers as [WhatsApp];
    toys.webhookUrl = `${world.detour.url}/channels/whatsapp-cloud/${toysNumber.phoneNumberId}/webhook`;
    boss = await admin(world);
    for (const [code, brand] of Object.entries(brands)) await save("PUT", `/api/brands/${code}`, brand);
    for (const locale of ["ru", "en", "kk"] as const)
      await save("PUT", `/api/queues/toys-${locale}`, { brand: "toys", locale, numbers: [LINES[locale]] });
    await save("PUT", "/api/queues/books", { brand: "books", locale: "ru", numbers: [LINES.books] });
    await save("POST", "/api/connections", {
      kind: "whatsapp-cloud",
      name: "Toys, Almaty",
      brand: "toys",
      settings: toysSettings,
    });
    worker = await operator(world);
  });
  afterEach(() => world.close());

  async function save(method: "PUT" | "POST" | "PATCH", path: string, body: object) {
    const { status, body: answer } = await boss.request<any>(method, path, body);
    if (status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    return answer;
  }

  const call = (to: string, from = ALMATY): Phone => world.twilio.phones.call({ from, to });

  async function offered(to: string, offer: RegExp, from = ALMATY): Promise<Phone> {
    const phone = call(to, from);
    await world.until("the caller hears the offer", () => hears(phone, offer) && phone.listening);
    return phone;
  }

  async function moved(to: string, offer: RegExp, from = ALMATY): Promise<Phone> {
    const phone = await offered(to, offer, from);
    phone.press("1");
    await world.until("the call ends", () => phone.state === "ended");
    return phone;
  }

  const templates = (number: WhatsApp) =>
    number.accepted
      .filter(({ body }) => body.type === "template")
      .map(({ waId, body, shown }) => ({
        waId,
        name: body.template!.name,
        language: body.template!.language.code,
        shown,
      }));

  it("DM-17 one language leads from the Kazakh line through template, bot, hand-over and rating, all of one brand", async () => {
    const phone = await offered(LINES.kk, OFFERS.kk);
    expect(sentences(phone)[0]).toBe(
      "Сәлеметсіз бе! Сіз Текше компаниясына қоңырау шалдыңыз. Қазір операторлардың бәрі бос емес.",
    );
    phone.press("1");
    await world.until("the call ends", () => phone.state === "ended");
    expect(sentences(phone).at(-1)).toContain("Хабарлама жетті");

    expect(templates(world.whatsapp)).toEqual([]);
    expect(templates(toys)).toMatchObject([
      {
        waId: ALMATY.slice(1),
        language: "kk",
        shown: {
          text: expect.stringMatching(/^Сіз Текше компаниясына қоңырау шалдыңыз/),
          choices: [{ title: "Тапсырысым қайда" }, {}],
        },
      },
    ]);

    const customer = toys.customer(ALMATY.slice(1));
    customer.tap(customer.inbox.at(-1)!.id, customer.inbox.at(-1)!.choices[1]!.id);
    await world.advance(10_000);
    expect(customer.inbox.at(-1)!.text).toMatch(/^14 күн ішінде қайтаруға болады/);

    customer.write("оператор керек");
    await world.advance(10_000);
    expect(customer.inbox.at(-1)!.text).toMatch(/^Әріптесімді шақырамын, сіз кезекте 1-орындасыз/);
    const [talk] = await world.db.query<{ id: string }>("select id, locale, queue, account from conversation");
    expect(talk).toMatchObject({ locale: "kk", queue: "toys-kk", account: toysNumber.phoneNumberId });

    await worker.request("POST", `/api/conversations/${talk!.id}/messages`, {
      text: "Сәлеметсіз бе!",
      clientId: crypto.randomUUID(),
    });
    await world.advance(5000);
    await worker.request("POST", `/api/conversations/${talk!.id}/close`, {});
    await world.advance(10_000);
    expect(customer.inbox.at(-1)!.text).toMatch(/1-ден 5-ке дейін бағалаңызшы/);
    customer.write("5");
    await world.advance(10_000);
    expect(customer.inbox.at(-1)!.text).toBe("Бағаңызға рақмет. Сұрағыңыз болса, жаза беріңіз.");
    expect(await world.db.query("select score from rating")).toEqual([{ score: 5 }]);
  });

  it("DM-17 each line speaks its language and each brand writes from its own number", async () => {
    const english = await moved(LINES.en, OFFERS.en, "+77010000001");
    const russian = await moved(LINES.ru, OFFERS.ru, "+77010000002");
    const books = await moved(LINES.books, OFFERS.ru, MOBILE);
    const nobodys = await moved(demo.hotline.ru, OFFERS.ru, "+79160000003");

    expect(sentences(english)[0]).toMatch(/^Thank you for calling Kubik\./);
    expect(sentences(russian)[0]).toMatch(/Вы позвонили в Кубик\./);
    expect(sentences(books)[0]).toMatch(/Вы позвонили в Страница\./);
    expect(sentences(nobodys)[0]).toMatch(/Вы позвонили в Общий дом\./);
    expect(templates(toys).map(({ waId, language }) => [waId, language])).toEqual([
      ["77010000001", "en"],
      ["77010000002", "ru"],
    ]);
    expect(templates(world.whatsapp).map(({ waId, shown }) => [waId, shown.text.split(",")[0]])).toEqual([
      [MOBILE.slice(1), "Вы звоните в Страница"],
      ["79160000003", "Вы звоните в Общий дом"],
    ]);
  });

  it("DM-17 dialling a line is a choice of language; where there is none, the language known from before is spoken", async () => {
    await moved(LINES.kk, OFFERS.kk);
    await world.advance(20 * 60_000);

    const elsewhere = call(LINES.books);
    await world.until("the caller is greeted", () => sentences(elsewhere).length > 0);
    expect(sentences(elsewhere)[0]).toMatch(/^Сәлеметсіз бе! Сіз Страница компаниясына/);
    elsewhere.hangUp();

    const chosen = call(LINES.ru);
    await world.until("the caller is greeted", () => sentences(chosen).length > 0);
    expect(sentences(chosen)[0]).toMatch(/^Здравствуйте! Вы позвонили в Кубик/);
    expect(await world.db.query("select locale from contact")).toEqual([{ locale: "ru" }]);
  });

  it("DM-17 a number keyed in as people of the brand's country write it becomes a full international one", async () => {
    const phone = await offered(LINES.kk, OFFERS.kk, "anonymous");
    phone.press("1");
    await world.until("the number is asked", () => hears(phone, /нөмірін сегізден бастап/) && phone.listening);
    for (const key of "87012345678#") phone.press(key);
    await world.until("the number is read back", () => hears(phone, /Сіз терген нөмір: 7, 7, 0, 1/) && phone.listening);
    phone.press("1");
    await world.until("the call ends", () => phone.state === "ended");

    expect(templates(toys).map(({ waId }) => waId)).toEqual([ALMATY.slice(1)]);
    expect(await world.db.query("select address from identity where channel = 'phone'")).toEqual([{ address: ALMATY }]);
  });

  it("DM-17 a customer who writes by himself is answered by the brand of the number, in its line", async () => {
    toys.customer("77019999999").write("Сәлеметсіз бе");
    world.whatsapp.customer("79169999999").write("Здравствуйте");
    await world.advance(10_000);

    expect(toys.customer("77019999999").inbox.at(-1)!.text).toContain("Қалай көмектесейін?");
    expect(world.whatsapp.customer("79169999999").inbox.at(-1)!.text).toContain("Чем помочь?");
    expect(await world.db.query("select address, locale, queue from conversation order by address")).toEqual([
      { address: "77019999999", locale: "kk", queue: "toys-kk" },
      { address: "79169999999", locale: "ru", queue: "hotline-ru" },
    ]);
  });

  it("DM-17 on a brand's holiday its callers are offered nothing, unless their queue keeps hours of its own", async () => {
    const closed = { ...brands.toys, holidays: [{ date: "2026-11-20", hours: [] }] };
    await save("PUT", "/api/brands/toys", closed);
    const rules = { holidays: [] };
    await save("PUT", "/api/queues/toys-en", { brand: "toys", locale: "en", numbers: [LINES.en], rules });
    const kazakh = call(LINES.kk);
    const open = await offered(LINES.en, OFFERS.en, "+77010000001");
    await world.advance(60_000);

    const decided = (await story(world, kazakh)).find(({ kind }) => kind === "offer.decided");
    expect(decided?.data).toMatchObject({ offer: false, reason: "closed" });
    expect(hears(kazakh, OFFERS.kk)).toBe(false);
    expect(open.state).toBe("in-queue");
  });

  it("DM-17 a number that is disconnected stops offers of its brand at once, and the others go on", async () => {
    const { connections } = (await boss.request<any>("GET", "/api/connections")).body;
    const own = connections.find((one: any) => one.source === "environment");
    const stored = connections.find((one: any) => one.brand === "toys");
    await save("POST", "/api/connections", {
      kind: "whatsapp-cloud",
      name: "Books",
      brand: "books",
      settings: {
        phoneNumberId: own.account,
        businessAccountId: demo.businessAccountId,
        accessToken: demo.accessToken,
        appSecret: demo.appSecret,
        verifyToken: demo.verifyToken,
      },
    });
    await save("PATCH", `/api/connections/${stored.id}`, { enabled: false });

    const kazakh = call(LINES.kk);
    const books = await offered(LINES.books, OFFERS.ru, MOBILE);
    await world.advance(5000);

    const decided = (await story(world, kazakh)).find(({ kind }) => kind === "offer.decided");
    expect(decided?.data).toMatchObject({ offer: false, reason: "no-messenger" });
    expect(books.state).toBe("in-queue");
  });
});
