import type { OperatorId } from "#kit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOffice, PASSWORD, people, type Office } from "./office.ts";

describe("accounts", () => {
  let office: Office;
  let admin: string;
  beforeAll(async () => {
    office = await openOffice();
    admin = await office.signIn(people.admin);
  });
  afterAll(() => office.close());

  const vera = {
    email: "Vera@Example.com",
    name: "Vera",
    role: "operator",
    password: PASSWORD,
    locale: "en",
    capacity: 3,
    phone: "8 (916) 123-45-67",
  };
  const create = (body: object) => office.ask("POST", "/api/operators", { cookie: admin, body });
  const change = (id: string, body: object) => office.ask("PATCH", `/api/operators/${id}`, { cookie: admin, body });
  const idOf = async (name: string) => {
    const { operators } = (await office.ask("GET", "/api/operators", { cookie: admin })).json();
    return operators.find((one: { name: string }) => one.name === name).id as string;
  };

  it("are created with the number written the one way", async () => {
    const answer = await create(vera);

    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toEqual({
      operator: {
        id: expect.any(String),
        email: "vera@example.com",
        name: "Vera",
        role: "operator",
        locale: "en",
        capacity: 3,
        languages: ["en"],
        phone: "+79161234567",
        disabled: false,
      },
    });
  });

  it("say which languages are spoken with customers, Kazakh too, and may learn more", async () => {
    const created = await create({ ...vera, email: "aigul@example.com", languages: ["kk", "ru"] });
    const { id, languages } = created.json().operator;
    const changed = await change(id, { languages: ["kk", "ru", "en"] });

    expect(languages).toEqual(["kk", "ru"]);
    expect(changed.json().operator.languages).toEqual(["kk", "ru", "en"]);
    expect((await create({ ...vera, email: "kk@example.com", locale: "kk" })).json().field).toBe("locale");
  });

  it("have one email each", async () => {
    await create({ ...vera, email: "twice@example.com" });

    const answer = await create({ ...vera, email: "TWICE@example.com" });

    expect([answer.statusCode, answer.json().code, answer.json().field]).toEqual([409, "email_taken", "email"]);
  });

  it.each([
    ["phone", { phone: "123" }],
    ["phone", { phone: "client:<script>" }],
    ["phone", { phone: "+7 378 742 833" }],
    ["email", { email: "vera" }],
    ["role", { role: "root" }],
    ["password", { password: "short" }],
    ["capacity", { capacity: 2.5 }],
    ["locale", { locale: "de" }],
    ["name", { name: "  " }],
    ["tenant", { tenant: "other" }],
  ])("are refused with a wrong %s, naming it", async (field, wrong) => {
    const answer = await create({ ...vera, email: "new@example.com", ...wrong });

    expect([answer.statusCode, answer.json().field]).toEqual([422, field]);
  });

  it.each(["client:olga.supervisor", "sip:olga@pbx.example.com", "+79261234567"])("take calls at %s", async (phone) => {
    const id = await idOf("operator");

    expect((await change(id, { phone })).json().operator.phone).toBe(phone);
    expect((await change(id, { phone: null })).json().operator.phone).toBeNull();
  });

  it.each([
    ["a new password", { password: "another long password" }],
    ["a new role", { role: "supervisor" }],
    ["being disabled", { disabled: true }],
  ])("lose their sessions by %s", async (what, body) => {
    const email = `${what.replaceAll(" ", "-")}@example.com`;
    const made = await create({ ...vera, email, name: what });
    const cookie = await office.signIn(email);
    await office.ask("PUT", "/api/presence", { cookie, body: { status: "online" } });

    await change(made.json().operator.id, body);

    expect((await office.ask("GET", "/api/session", { cookie })).statusCode).toBe(401);
  });

  it("keep their sessions when only their capacity changes", async () => {
    const cookie = await office.signIn(people.operator);
    await change(await idOf("operator"), { capacity: 7 });

    expect((await office.ask("GET", "/api/session", { cookie })).statusCode).toBe(200);
  });

  it("always have one administrator left", async () => {
    const id = await idOf("admin");

    const [demoted, disabled] = [await change(id, { role: "operator" }), await change(id, { disabled: true })];

    expect([demoted.statusCode, demoted.json().code, disabled.statusCode]).toEqual([409, "last_admin", 409]);
  });

  it("are not found when there are none", async () => {
    expect((await change("0190a1b2-0000-7000-8000-000000000000", { capacity: 1 })).statusCode).toBe(404);
    expect((await change("me", { capacity: 1 })).statusCode).toBe(400);
  });

  it("are created by the start only once", async () => {
    const account = {
      email: "start@example.com",
      name: "Start",
      role: "operator" as const,
      locale: "ru" as const,
      password: PASSWORD,
    };

    const made = await Promise.all([office.staff.ensureOperator(account), office.staff.ensureOperator(account)]);
    const again = await office.staff.ensureOperator({ ...account, password: "changed in .env later" });

    expect(made.filter(Boolean)).toHaveLength(1);
    expect(again).toBe(false);
    await office.signIn("start@example.com");
  });
});

describe("presence", () => {
  let office: Office;
  beforeAll(async () => void (office = await openOffice()));
  afterAll(() => office.close());

  it("is told to the other rooms in the same transaction, and undone when they fail", async () => {
    const heard: [OperatorId, string][] = [];
    let fails = false;
    office.staff.onPresence(async (_tx, operatorId, status) => {
      heard.push([operatorId, status]);
      if (fails) throw new Error("no");
    });
    const cookie = await office.signIn(people.operator);
    const online = await office.ask("PUT", "/api/presence", { cookie, body: { status: "online" } });
    fails = true;
    const failed = await office.ask("PUT", "/api/presence", { cookie, body: { status: "away" } });
    fails = false;

    expect([online.statusCode, failed.statusCode]).toEqual([200, 500]);
    expect(heard.map(([, status]) => status)).toEqual(["online", "away"]);
    expect(await office.staff.online(office.db)).toBe(1);
    expect((await office.ask("GET", "/api/session", { cookie })).json().presence).toEqual({
      status: "online",
      reason: null,
    });
  });

  it("and open chats are shown to colleagues", async () => {
    const cookie = await office.signIn(people.supervisor);
    await office.ask("PUT", "/api/presence", { cookie, body: { status: "away", reason: "lunch" } });
    const { operators } = (await office.ask("GET", "/api/operators", { cookie })).json();
    const olga = operators.find((one: { name: string }) => one.name === "supervisor");
    await office.db.query(OPEN_CHAT, [olga.id]);

    const after = (await office.ask("GET", "/api/operators", { cookie })).json().operators;

    expect(after.find((one: { name: string }) => one.name === "supervisor")).toEqual({
      id: olga.id,
      name: "supervisor",
      role: "supervisor",
      presence: { status: "away", reason: "lunch" },
      openChats: 1,
    });
  });
});

const OPEN_CHAT = `
  insert into conversation (tenant, id, contact_id, channel, account, address, locale, queue, owner, operator_id, state, opened_at)
  values ('main', gen_random_uuid(), gen_random_uuid(), 'whatsapp-cloud', 'a', 'b', 'ru', 'q', 'operator', $1, '{}', now())`;
