import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createSettableClock, instant } from "#kit";
import { createWhatsApp, type WhatsApp } from "../../sim/whatsapp/index.ts";
import { openOffice, people, type Office } from "../staff/office.ts";
import { demo } from "../support/demo-env.ts";

const KEY = randomBytes(32).toString("base64");
const number = {
  phoneNumberId: "200000000000001",
  businessAccountId: "300000000000001",
  accessToken: "token-of-the-database",
  appSecret: "app-secret-of-the-database",
  verifyToken: "verify-of-the-database",
};

describe("connections", () => {
  let office: Office;
  let meta: WhatsApp;
  let boss: string;

  beforeAll(async () => {
    meta = createWhatsApp({ clock: createSettableClock(instant(0)), ...number, seed: 7 });
    await meta.listen();
    office = await openOffice("https://detour.example", {
      SECRETS_KEY: KEY,
      WHATSAPP_BASE_URL: meta.url,
      WHATSAPP_PHONE_NUMBER_ID: demo.phoneNumberId,
      WHATSAPP_BUSINESS_ACCOUNT_ID: demo.businessAccountId,
      WHATSAPP_ACCESS_TOKEN: demo.accessToken,
      WHATSAPP_APP_SECRET: demo.appSecret,
      WHATSAPP_VERIFY_TOKEN: demo.verifyToken,
    });
    boss = await office.signIn(people.admin);
  });
  afterAll(async () => {
    await office.close();
    await meta.close();
  });
  beforeEach(async () => {
    await office.db.query("truncate connection, brand");
    await office.company.refresh();
  });

  type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  const ask = (method: Method, path: string, body?: object) =>
    office.ask(method, `/api/connections${path}`, { cookie: boss, ...(body ? { body } : {}) });
  const add = (more: object = {}) =>
    ask("POST", "", { kind: "whatsapp-cloud", name: "Almaty", settings: number, ...more });
  const events = () =>
    office.db.query<{ kind: string; data: object }>(
      "select kind, data from event where kind like 'connection.%' order by seq",
    );

  it("of .env and of the database stand side by side, and secrets never come out", async () => {
    await add();
    const answer = await ask("GET", "");
    const { connections, kinds } = answer.json();

    expect(connections.map((one: any) => [one.source, one.account, one.enabled, one.trouble])).toEqual([
      ["environment", demo.phoneNumberId, true, null],
      ["database", number.phoneNumberId, true, null],
    ]);
    expect(connections[1].secrets).toEqual({
      accessToken: true,
      appSecret: true,
      appSecretOld: false,
      verifyToken: true,
    });
    expect(connections[1].settings).toEqual({
      phoneNumberId: number.phoneNumberId,
      businessAccountId: number.businessAccountId,
      messagesPerSecond: 80,
      inviteTemplate: "queue_offer",
    });
    expect(connections[1].addresses).toEqual([
      { what: "Webhook of the app", url: "https://detour.example/channels/whatsapp-cloud/webhook" },
    ]);
    expect(kinds).toMatchObject([
      { kind: "whatsapp-cloud", schema: { required: expect.arrayContaining(["phoneNumberId"]) } },
    ]);
    for (const secret of [number.accessToken, number.appSecret, number.verifyToken, demo.accessToken, demo.appSecret])
      expect(answer.body).not.toContain(secret);
  });

  it("tell no secret in any answer, in the database or in the event log", async () => {
    const answers = [
      await add(),
      await add(),
      await add({ settings: { ...number, phoneNumberId: "x" } }),
      await add({ settings: { ...number, accessToken: 7 } }),
    ];
    const { id } = answers[0]!.json().connection;
    answers.push(await ask("PATCH", `/${id}`, { settings: { accessToken: "another-token" } }));
    answers.push(await ask("POST", `/${id}/check`), await ask("DELETE", `/${id}`));
    const rows = await office.db.query("select * from event");
    await add();
    const stored = await office.db.query("select * from connection");

    const told = JSON.stringify([answers.map(({ body }) => body), rows, stored]);
    for (const secret of [number.accessToken, number.appSecret, number.verifyToken, "another-token"])
      expect(told).not.toContain(secret);
  });

  it("are in use at once, and no longer once removed or switched off", async () => {
    const { id } = (await add()).json().connection;
    const accounts = () => office.company.connections.inUse().map(({ account }) => account);
    expect(accounts()).toEqual([demo.phoneNumberId, number.phoneNumberId]);

    await ask("PATCH", `/${id}`, { enabled: false });
    expect(accounts()).toEqual([demo.phoneNumberId]);
    await ask("PATCH", `/${id}`, { enabled: true });
    expect(accounts()).toHaveLength(2);
    expect((await ask("DELETE", `/${id}`)).statusCode).toBe(204);
    expect(accounts()).toEqual([demo.phoneNumberId]);
  });

  it("keep what a change leaves out, secrets too", async () => {
    const { id } = (await add()).json().connection;
    const changed = await ask("PATCH", `/${id}`, { name: "Astana", settings: { messagesPerSecond: 20 } });

    expect(changed.json().connection).toMatchObject({ name: "Astana", settings: { messagesPerSecond: 20 } });
    expect(office.company.connections.inUse()[1]!.settings).toMatchObject({ ...number, messagesPerSecond: 20 });
  });

  it("take the place of .env's for the same account", async () => {
    const settings = { ...number, phoneNumberId: demo.phoneNumberId };
    await add({ settings });

    expect(office.company.connections.inUse()).toMatchObject([{ source: "database", settings }]);
  });

  it("are tried with a real round trip", async () => {
    const { id } = (await add()).json().connection;
    const works = await ask("POST", `/${id}/check`);
    await ask("PATCH", `/${id}`, { settings: { accessToken: "expired" } });
    const fails = await ask("POST", `/${id}/check`);

    expect(works.json()).toMatchObject({ ok: true, sentence: null, facts: { id: number.phoneNumberId } });
    expect(fails.json()).toEqual({ ok: false, sentence: expect.stringMatching(/error 190.*access token/), facts: {} });
    expect((await ask("POST", "/nothing/check")).json().code).toBe("connection_not_found");
    expect(await office.company.troubles()).toHaveLength(2);
  });

  it.each([
    ["kind", { kind: "pigeons" }],
    ["brand", { brand: "nobody" }],
    ["name", { name: " " }],
    ["settings.phoneNumberId", { settings: { ...number, phoneNumberId: "+7495" } }],
    ["settings.accessToken", { settings: { ...number, accessToken: "" } }],
    ["settings.messagesPerSecond", { settings: { ...number, messagesPerSecond: 0 } }],
    ["settings.inviteTemplate", { settings: { ...number, inviteTemplate: "Queue Offer" } }],
    ["colour", { colour: "red" }],
  ])("say which field is wrong: %s", async (field, wrong) => {
    const answer = await add(wrong);

    expect([answer.statusCode, answer.json().code, answer.json().field]).toEqual([422, "invalid_field", field]);
    expect(await office.db.query("select 1 from connection")).toEqual([]);
  });

  it("are one per account, and stay with it", async () => {
    const { id } = (await add()).json().connection;
    const again = await add();
    const moved = await ask("PATCH", `/${id}`, { settings: { phoneNumberId: "200000000000009" } });

    expect([again.statusCode, again.json().code]).toEqual([409, "connection_exists"]);
    expect([moved.statusCode, moved.json().field]).toEqual([422, "settings"]);
  });

  it("of .env are changed there", async () => {
    const id = "environment-whatsapp-cloud";
    const answers = [await ask("PATCH", `/${id}`, { name: "x" }), await ask("DELETE", `/${id}`)];

    expect(answers.map((answer) => [answer.statusCode, answer.json().code])).toEqual([
      [409, "connection_in_env"],
      [409, "connection_in_env"],
    ]);
    expect((await ask("PATCH", "/0190a1b2-0000-7000-8000-000000000000", { name: "x" })).statusCode).toBe(404);
  });

  it("leave a trace of who changed what", async () => {
    const { id } = (await add()).json().connection;
    await ask("PATCH", `/${id}`, { enabled: false, settings: { accessToken: "new" } });
    await ask("DELETE", `/${id}`);

    const told = { id, kind: "whatsapp-cloud", brand: null, by: expect.any(String) };
    expect((await events()).slice(-3)).toEqual([
      { kind: "connection.saved", data: { ...told, enabled: true, fields: ["name", ...Object.keys(number)] } },
      { kind: "connection.saved", data: { ...told, enabled: false, fields: ["enabled", "accessToken"] } },
      { kind: "connection.removed", data: { ...told, enabled: false, fields: [] } },
    ]);
  });

  it("that cannot be opened are named in a sentence, and may be entered anew", async () => {
    const { id } = (await add()).json().connection;
    await office.db.query(
      "update connection set account = 'moved', settings = settings || '{\"phoneNumberId\": \"200000000000005\"}'",
    );
    await office.company.refresh();
    expect((await ask("GET", "")).json().connections[1].trouble).toContain("SECRETS_KEY");
    expect((await ask("POST", `/${id}/check`)).json()).toMatchObject({
      ok: false,
      sentence: expect.stringContaining("SECRETS_KEY"),
    });
    expect(await office.company.troubles()).toContainEqual(expect.stringContaining("Almaty"));
  });
});

describe("without a key", () => {
  it("secrets are refused and nothing is stored, and what .env connects works on", async () => {
    const office = await openOffice("https://detour.example", {
      WHATSAPP_PHONE_NUMBER_ID: demo.phoneNumberId,
      WHATSAPP_BUSINESS_ACCOUNT_ID: demo.businessAccountId,
      WHATSAPP_ACCESS_TOKEN: demo.accessToken,
      WHATSAPP_APP_SECRET: demo.appSecret,
      WHATSAPP_VERIFY_TOKEN: demo.verifyToken,
    });
    const cookie = await office.signIn(people.admin);
    const body = { kind: "whatsapp-cloud", name: "Almaty", settings: number };
    const answer = await office.ask("POST", "/api/connections", { cookie, body });

    expect([answer.statusCode, answer.json().code]).toEqual([409, "no_secrets_key"]);
    expect(await office.db.query("select 1 from connection")).toEqual([]);
    expect(office.company.connections.inUse()).toHaveLength(1);
    await office.close();
  });
});
