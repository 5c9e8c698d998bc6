import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openOffice, people, type Office } from "../staff/office.ts";

const toys = {
  name: { ru: "Кубик", en: "Kubik", kk: "Текше" },
  locale: "kk",
  region: "KZ",
  timeZone: "Asia/Almaty",
  hours: [{ days: [1, 2, 3, 4, 5], from: "09:00", until: "21:00" }],
  holidays: [{ date: "2026-12-16", hours: [] }],
};

describe("brands", () => {
  let office: Office;
  let boss: string;
  beforeAll(async () => {
    office = await openOffice();
    boss = await office.signIn(people.admin);
  });
  afterAll(() => office.close());
  beforeEach(async () => {
    await office.db.query("truncate brand, queue, hotline");
    await office.company.refresh();
  });

  const put = (path: string, body: object) => office.ask("PUT", `/api${path}`, { cookie: boss, body });
  const get = async (path: string) => (await office.ask("GET", `/api${path}`, { cookie: boss })).json();

  it("begin with the default one, as the settings describe it, which may be saved like others", async () => {
    expect((await get("/brands")).brands).toMatchObject([{ code: "default", locale: "ru", region: "RU" }]);

    const saved = await put("/brands/toys", toys);
    await put("/brands/default", { ...toys, name: { ru: "Главный" }, locale: "ru" });

    expect(saved.json()).toEqual({ brand: { code: "toys", ...toys } });
    expect((await get("/brands")).brands).toMatchObject([
      { code: "default", name: { ru: "Главный" } },
      { code: "toys", ...toys },
    ]);
    expect(office.company.brands.find("toys").region).toBe("KZ");
  });

  it("leave a trace of who saved them", async () => {
    await put("/brands/toys", toys);

    const events = await office.db.query("select data from event where kind = 'brand.saved' order by seq desc limit 1");
    expect(events).toEqual([{ data: { code: "toys", by: expect.any(String) } }]);
  });

  it.each([
    ["name", { name: { ru: "Кубик" } }],
    ["locale", { locale: "fr" }],
    ["region", { region: "ZZ" }],
    ["timeZone", { timeZone: "Asia/Nowhere" }],
    ["hours.0.from", { hours: [{ days: [1], from: "9", until: "21:00" }] }],
    ["hours.0.days.0", { hours: [{ days: [8], from: "09:00", until: "21:00" }] }],
    ["holidays.0.date", { holidays: [{ date: "16.12.2026" }] }],
    ["holidays", { holidays: [{ date: "2026-12-16" }, { date: "2026-12-16" }] }],
  ])("say which field is wrong: %s", async (field, wrong) => {
    const answer = await put("/brands/wrong", { ...toys, ...wrong });

    expect([answer.statusCode, answer.json().code, answer.json().field]).toEqual([422, "invalid_field", field]);
  });

  it("have a code that can stand in an address", async () => {
    expect((await put("/brands/To%20ys", toys)).statusCode).toBe(400);
  });

  describe("and their queues", () => {
    const line = {
      brand: "toys",
      locale: "kk",
      name: { kk: "Текше дүкені" },
      numbers: ["8 (7172) 12-34-56", "+77273456789"],
    };

    beforeEach(() => put("/brands/toys", toys));

    it("take numbers as they are written in the brand's country, and lead all of them to one place", async () => {
      const saved = await put("/queues/toys-kk", line);

      expect(saved.statusCode).toBe(200);
      expect(saved.json().queue).toMatchObject({
        code: "toys-kk",
        numbers: ["+77172123456", "+77273456789"],
        name: line.name,
      });
      expect((await get("/queues")).queues).toEqual([saved.json().queue]);
      expect(office.company.brands.ofQueue("toys-kk").code).toBe("toys");
    });

    it("give a number away only after it was let go", async () => {
      await put("/queues/toys-kk", line);
      const taken = await put("/queues/other", { locale: "ru", numbers: ["+74951234567", "+77273456789"] });
      await put("/queues/toys-kk", { ...line, numbers: [line.numbers[0]] });
      const free = await put("/queues/other", { locale: "ru", numbers: ["+74951234567", "+77273456789"] });

      expect([taken.statusCode, taken.json().code, taken.json().field]).toEqual([409, "number_taken", "numbers.1"]);
      expect(free.json().queue.numbers).toEqual(["+74951234567", "+77273456789"]);
    });

    it("keep their first number where the previous release looks for it", async () => {
      await put("/queues/toys-kk", line);
      await put("/queues/chat-only", { locale: "ru", numbers: [] });

      const rows = await office.db.query(
        "select code, number from queue where code in ('toys-kk', 'chat-only') order by code",
      );
      expect(rows).toEqual([
        { code: "chat-only", number: null },
        { code: "toys-kk", number: "+77172123456" },
      ]);
    });

    it("take rules, and only such that mean something", async () => {
      const rules = { offers: "off", hours: toys.hours, holidays: [], timeZone: "Asia/Almaty", holdOutPercent: 5 };
      const saved = await put("/queues/toys-kk", { ...line, rules });

      const callbacks = { ring: "auto", tries: 3, noAnswerMinutes: 120, busyMinutes: 15 };
      expect(saved.json().queue.rules).toEqual({ ...rules, when: "own-wait", whenClosed: "wait", callbacks });
    });

    it.each([
      ["brand", { brand: "nobody" }],
      ["locale", { locale: "uz" }],
      ["numbers.1", { numbers: ["+77172123456", "12"] }],
      ["rules.offers", { rules: { offers: "maybe" } }],
      ["rules.holdOutPercent", { rules: { holdOutPercent: 101 } }],
      ["rules.colour", { rules: { colour: "red" } }],
      ["rules.callbacks.ring", { rules: { callbacks: { ring: "never" } } }],
      ["rules.callbacks.tries", { rules: { callbacks: { tries: 0 } } }],
    ])("say which field is wrong: %s", async (field, wrong) => {
      const answer = await put("/queues/wrong", { ...line, ...wrong });

      expect([answer.statusCode, answer.json().code, answer.json().field]).toEqual([422, "invalid_field", field]);
    });

    it("leave a trace without any number", async () => {
      await put("/queues/toys-kk", line);

      const events = await office.db.query(
        "select data from event where kind = 'queue.saved' order by seq desc limit 1",
      );
      const data = { code: "toys-kk", brand: "toys", locale: "kk", numbers: 2, by: expect.any(String) };
      expect(events).toEqual([{ data }]);
    });
  });
});
