import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSettableClock, hours, instant, later, millis } from "#kit";
import type { Crm } from "#crm";
import type { PhoneNumber, SettableClock } from "#kit";
import { createDemoCrm } from "../../src/crm/demo/index.ts";
import { createCrm, demoOrders, demoPhones } from "../../sim/crm/index.ts";
import type { CrmServer } from "../../sim/crm/index.ts";

const morning = instant(Date.UTC(2026, 10, 21, 7));
const stranger = "+79990000000" as PhoneNumber;
let clock: SettableClock;
let server: CrmServer;
let crm: Crm;
beforeEach(async () => {
  clock = createSettableClock(morning);
  server = createCrm({ clock, token: "token" });
  crm = createDemoCrm({ baseUrl: await server.listen(), token: "token", timeoutMs: 2000 }, { clock });
});
afterEach(() => server.close());

describe("the demo CRM", () => {
  it("finds a customer by phone", async () => {
    expect(await crm.customerByPhone(demoPhones.ru)).toEqual({
      kind: "found",
      value: { id: "c-1", name: "Анна Соколова", locale: "ru", phone: demoPhones.ru },
    });
    expect(await crm.customerByPhone(stranger)).toEqual({ kind: "nothing" });
  });

  it("finds an order by its number: 48213 comes by courier today before 14:00", async () => {
    expect(await crm.orderByNumber("48213")).toEqual({
      kind: "found",
      value: {
        number: "48213",
        phone: demoPhones.ru,
        status: "with-courier",
        items: ["Самокат Rolly 3 в 1"],
        total: 649_000,
        currency: "RUB",
        promisedAt: Date.UTC(2026, 10, 21, 11),
        place: "Москва, ул. Лесная, 7",
        placedAt: Date.UTC(2026, 10, 19, 7),
      },
    });
    expect(await crm.orderByNumber("1")).toEqual({ kind: "nothing" });
  });

  it("lists the orders of a phone, newest first", async () => {
    const answer = await crm.ordersByPhone(demoPhones.ru);

    expect(answer.kind === "found" && answer.value.map(({ number }) => number)).toEqual(["48213", "47990"]);
    expect(await crm.ordersByPhone(stranger)).toEqual({ kind: "nothing" });
  });

  it("tells the shop in English and for another caller as well", () => {
    const [first] = demoOrders(later(morning, hours(5)), "en", stranger);

    expect(first).toMatchObject({ number: "48213", phone: stranger, items: ["Rolly 3-in-1 scooter"] });
    expect(first!.promisedAt).toBe(Date.UTC(2026, 10, 22, 11));
  });
});

const ask = (baseUrl: string | null, token: string) =>
  createDemoCrm({ baseUrl, token, timeoutMs: 2000 }, { clock }).orderByNumber("48213");

describe("the demo CRM in trouble", () => {
  it.each([500, 503, 429, 404, 302])("is unavailable when it answers %s", async (status) => {
    server.faults.status = status;

    expect(await crm.orderByNumber("48213")).toEqual({ kind: "unavailable" });
    expect(await crm.customerByPhone(demoPhones.ru)).toEqual({ kind: "unavailable" });
  });

  it("is unavailable when the connection breaks, and back afterwards", async () => {
    server.faults.down = true;
    expect(await crm.ordersByPhone(demoPhones.ru)).toEqual({ kind: "unavailable" });

    server.faults.down = false;
    expect(await crm.ordersByPhone(demoPhones.ru)).toMatchObject({ kind: "found" });
  });

  it("is unavailable when it does not answer in time", async () => {
    server.faults.delayMs = 60_000;

    const asking = crm.orderByNumber("48213");
    await expect.poll(() => server.journal.entries.length).toBe(1);
    await server.idle();
    clock.moveTo(later(clock.now(), millis(2000)));

    expect(await asking).toEqual({ kind: "unavailable" });
  });

  it("is unavailable with a wrong token, nobody there, or no CRM at all", async () => {
    expect(await ask(server.url, "wrong")).toEqual({ kind: "unavailable" });
    expect(await ask("http://127.0.0.1:9", "token")).toEqual({ kind: "unavailable" });
    expect(await ask(null, "token")).toEqual({ kind: "unavailable" });
  });

  it("is unavailable when its answer has another shape", async () => {
    server.orders[0]!.status = "eaten" as never;

    expect(await crm.orderByNumber("48213")).toEqual({ kind: "unavailable" });
  });
});
