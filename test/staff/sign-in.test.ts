import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openOffice, PASSWORD, people, type Office } from "./office.ts";

describe("signing in", () => {
  let office: Office;
  beforeAll(async () => void (office = await openOffice()));
  afterAll(() => office.close());

  const tryIn = (email: string, password: string, options: { headers?: object; from?: string; cookie?: string } = {}) =>
    office.ask("POST", "/api/session", { body: { email, password }, ...options });
  const signedInAs = async (cookie: string) => (await office.ask("GET", "/api/session", { cookie })).statusCode;

  it("answers who is there and sets a cookie scripts cannot read", async () => {
    const answer = await tryIn(" Anna@Example.com", PASSWORD, { from: "10.1.0.1" });

    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      operator: { id: expect.any(String), name: "operator", role: "operator", locale: "ru" },
    });
    expect(answer.headers["set-cookie"]).toMatch(/^detour=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/);
  });

  it("keeps only a hash of the token and no password anywhere", async () => {
    const cookie = await office.signIn(people.operator);
    const rows = JSON.stringify([
      await office.db.query("select * from session"),
      await office.db.query("select * from operator"),
      await office.db.query("select * from event"),
    ]);

    expect(rows).not.toContain(cookie.split("=")[1]);
    expect(rows).not.toContain(PASSWORD);
  });

  it("gives the cookie the __Host- prefix and Secure over https", async () => {
    const secure = await openOffice("https://hotline.example.com");
    const answer = await secure.ask("POST", "/api/session", { body: { email: people.admin, password: PASSWORD } });
    await secure.close();

    expect(answer.headers["set-cookie"]).toMatch(
      /^__Host-detour=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  });

  it("makes a new token at every sign-in and ends the one before it", async () => {
    const first = await office.signIn(people.operator);
    const again = await tryIn(people.operator, PASSWORD, { cookie: first });
    const second = String(again.headers["set-cookie"]).split(";")[0]!;

    expect(second).not.toBe(first);
    expect([await signedInAs(first), await signedInAs(second)]).toEqual([401, 200]);
  });

  it("answers the same for a wrong password, an unknown account and a disabled one", async () => {
    const admin = await office.signIn(people.admin);
    const made = await office.ask("POST", "/api/operators", {
      cookie: admin,
      body: {
        email: "left@example.com",
        name: "Left",
        role: "operator",
        password: PASSWORD,
        locale: "en",
        capacity: 3,
      },
    });
    await office.ask("PATCH", `/api/operators/${made.json().operator.id}`, { cookie: admin, body: { disabled: true } });

    const answers = [
      await tryIn(people.supervisor, "wrong password", { from: "10.2.0.1" }),
      await tryIn("nobody@example.com", "wrong password", { from: "10.2.0.2" }),
      await tryIn("left@example.com", PASSWORD, { from: "10.2.0.3" }),
    ];

    expect(answers.map(({ statusCode }) => statusCode)).toEqual([401, 401, 401]);
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(answers[0]!.json().code).toBe("sign_in_failed");
  });

  it("slows guessing at one account down, whatever the address, and known or not", async () => {
    for (const email of ["guessed@example.com", people.supervisor]) {
      const codes = [];
      for (let guess = 0; guess < 7; guess++)
        codes.push((await tryIn(email, "wrong password", { from: `10.3.${email.length}.${guess}` })).statusCode);

      expect(codes.filter((code) => code === 401).length).toBeLessThanOrEqual(5);
      expect(codes.at(-1)).toBe(429);
    }
    const waits = await tryIn(people.supervisor, PASSWORD, { from: "10.3.9.9" });
    office.pass(120);
    const later = await tryIn(people.supervisor, PASSWORD, { from: "10.3.9.9" });

    expect([waits.statusCode, waits.json().code]).toEqual([429, "too_many_attempts"]);
    expect(Number(waits.headers["retry-after"])).toBeGreaterThan(0);
    expect(later.statusCode).toBe(200);
  });

  it("gives many guesses at once no advantage", async () => {
    const guesses = await Promise.all(
      Array.from({ length: 20 }, (_, i) => tryIn("burst@example.com", "wrong password", { from: `10.4.0.${i}` })),
    );

    expect(guesses.filter(({ statusCode }) => statusCode === 401)).toHaveLength(5);
    expect(guesses.filter(({ statusCode }) => statusCode === 429)).toHaveLength(15);
  });

  it("lets the owner in from a familiar address while a stranger guesses", async () => {
    await tryIn(people.admin, PASSWORD, { from: "10.5.0.1" });
    for (let guess = 0; guess < 6; guess++) await tryIn(people.admin, "wrong password", { from: `10.5.1.${guess}` });

    expect((await tryIn(people.admin, PASSWORD, { from: "10.5.2.1" })).statusCode).toBe(429);
    expect((await tryIn(people.admin, PASSWORD, { from: "10.5.0.1" })).statusCode).toBe(200);
    office.pass(3700);
  });

  it("ends after twelve hours without a request and after seven days in any case", async () => {
    const idle = await office.signIn(people.operator);
    office.pass(11 * 3600);
    const stillThere = await signedInAs(idle);
    office.pass(11 * 3600);
    const afterUse = await signedInAs(idle);
    office.pass(12 * 3600 + 1);
    const afterIdle = await signedInAs(idle);

    const busy = await office.signIn(people.operator);
    const codes = new Set<number>();
    for (let day = 0; day < 20; day++) {
      office.pass(8 * 3600);
      codes.add(await signedInAs(busy));
    }
    office.pass(8 * 3600 + 1);

    expect([stillThere, afterUse, afterIdle]).toEqual([200, 200, 401]);
    expect([...codes]).toEqual([200]);
    expect(await signedInAs(busy)).toBe(401);
  });

  it("ends with signing out, and the operator is offline", async () => {
    const cookie = await office.signIn(people.operator);
    await office.ask("PUT", "/api/presence", { cookie, body: { status: "online" } });
    const online = await office.staff.online(office.db);
    const out = await office.ask("DELETE", "/api/session", { cookie });

    expect([online, out.statusCode, await signedInAs(cookie), await office.staff.online(office.db)]).toEqual([
      1, 204, 401, 0,
    ]);
    expect(out.headers["set-cookie"]).toMatch(/^detour=; /);
  });

  it.each(["", "x", "detour", "%00", "a".repeat(43), "' or 1=1 --"])("opens nothing to the token %j", async (token) => {
    expect(await signedInAs(`detour=${token}`)).toBe(401);
  });

  it.each([
    ["no password", { email: people.operator }, "password"],
    ["a number for the email", { email: 7, password: PASSWORD }, "email"],
    ["more than asked for", { email: people.operator, password: PASSWORD, role: "admin" }, "role"],
  ])("names the field when it gets %s", async (_case, body, field) => {
    const answer = await office.ask("POST", "/api/session", { body });

    expect([answer.statusCode, answer.json().field]).toEqual([422, field]);
  });

  it("takes text that PostgreSQL cannot hold without falling over", async () => {
    expect((await tryIn("a\u0000b@example.com", "p\u0000\ud800", { from: "10.6.0.1" })).statusCode).toBe(401);
  });
});

describe("a request from somewhere else", () => {
  let office: Office;
  let cookie: string;
  beforeAll(async () => {
    office = await openOffice("https://hotline.example.com");
    const answer = await office.ask("POST", "/api/session", { body: { email: people.operator, password: PASSWORD } });
    cookie = String(answer.headers["set-cookie"]).split(";")[0]!;
  });
  afterAll(() => office.close());

  const put = (headers: object, payload = '{"status":"online"}') =>
    office.app.inject({
      method: "PUT",
      url: "/api/presence",
      headers: { cookie, "content-type": "application/json", "x-detour": "1", ...headers },
      payload,
    });

  it.each([
    ["without our header", { "x-detour": "" }],
    ["from a form", { "content-type": "text/plain" }],
    ["from a form with fields", { "content-type": "application/x-www-form-urlencoded" }],
    ["of another site", { "sec-fetch-site": "cross-site" }],
    ["of a sibling domain", { "sec-fetch-site": "same-site" }],
    ["with another origin", { origin: "https://evil.example" }],
    ["with a hidden origin", { origin: "null" }],
    ["of another site with another origin", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }],
  ])("changes nothing when it comes %s", async (_case, headers) => {
    const answer = await put(headers);

    expect([answer.statusCode, answer.json().code]).toEqual([403, "foreign_request"]);
    expect(await office.staff.online(office.db)).toBe(0);
  });

  it("cannot sign a victim in to somebody else's account", async () => {
    const answer = await office.ask("POST", "/api/session", {
      body: { email: people.operator, password: PASSWORD },
      headers: { origin: "https://evil.example" },
    });

    expect([answer.statusCode, answer.headers["set-cookie"]]).toEqual([403, undefined]);
  });

  it.each([
    ["a browser on our page", { "sec-fetch-site": "same-origin", origin: "https://hotline.example.com" }],
    [
      "a browser behind a proxy that changes the origin",
      { "sec-fetch-site": "same-origin", origin: "http://localhost:5173" },
    ],
    ["an old browser on our page", { origin: "https://hotline.example.com" }],
    ["a program", {}],
  ])("is welcome when it is %s", async (_case, headers) => {
    expect((await put(headers, '{"status":"away","reason":"lunch"}')).json()).toEqual({
      presence: { status: "away", reason: "lunch" },
    });
  });
});
