import { randomBytes } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { createCompany, companySettings, type Connection, type ConnectionKind } from "#company";
import { createWakes, type Database, type Wakes } from "#db";
import {
  createSettableClock,
  instant,
  later,
  newId,
  seconds,
  systemClock,
  type ConnectionId,
  type OperatorId,
} from "#kit";
import Fastify from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import { brandWith } from "../support/brands.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";

type Box = { box: string; token: string };
const KEY = randomBytes(32).toString("base64");

/** One process with a kind of connection that remembers what it was given. */
async function startProcess(db: Database, wakes: Wakes, env: Record<string, string> = { SECRETS_KEY: KEY }) {
  const given: Connection<Box>[][] = [];
  const clock = createSettableClock(instant(0));
  const log = { warn: () => {}, error: () => {} };
  const staff = { guard: () => async () => {}, operatorOf: () => ({ id: newId<OperatorId>() }) as never };
  const company = createCompany({
    db,
    staff,
    publicUrl: "https://detour.example",
    clock,
    wakes,
    log,
    settings: companySettings.schema.parse(env),
    standard: brandWith(),
  });
  const kind: ConnectionKind<Box> = {
    kind: "letters",
    schema: z.strictObject({ box: z.string(), token: z.string().min(1) }),
    secrets: ["token"],
    accountOf: ({ box }) => box,
    fromEnvironment: null,
    check: async ({ token }) => (token === "open" ? { ok: true, facts: {} } : { ok: false, sentence: "It is locked." }),
    use: (connections) => void given.push(connections),
    addresses: () => [],
  };
  company.define(kind);
  await company.open();
  const app = Fastify();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  await app.register(company.routes);
  const add = (box: string, token = "open") =>
    app.inject({
      method: "POST",
      url: "/connections",
      payload: { kind: "letters", name: box, settings: { box, token } },
    });
  const change = (id: string, payload: object) => app.inject({ method: "PATCH", url: `/connections/${id}`, payload });
  return { company, clock, given, add, change, boxes: () => given.at(-1)!.map(({ settings }) => settings) };
}

describe("connections in several processes", () => {
  let db: FreshDatabase;
  const undo: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
  });

  async function open() {
    db = await freshDatabase();
    undo.push(() => db.drop());
    const wakes = await Promise.all([createWakes(db, systemClock), createWakes(db, systemClock)]);
    undo.push(...wakes.map((one) => () => one.close()));
    return wakes;
  }

  it("are in use in all of them as soon as one has saved them", async () => {
    const [here, there] = await open();
    const [one, two] = [await startProcess(db, { ...here, wake: () => {} }), await startProcess(db, there)];
    await one.add("7");
    await two.company.pump.work();
    expect([one.boxes(), two.boxes()]).toEqual([[{ box: "7", token: "open" }], []]);

    const woken = new Promise<void>((resolve) => there.on("connections", resolve));
    await db.query("select pg_notify('detour', 'another-process connections')");
    await woken;
    await two.company.pump.work();

    expect(two.boxes()).toEqual([{ box: "7", token: "open" }]);
  });

  it("are noticed by a process that was not woken, a quarter of a minute later", async () => {
    const [here, there] = await open();
    const deaf: Wakes = { ...there, on: () => {} };
    const [one, two] = [await startProcess(db, here), await startProcess(db, deaf)];
    await one.add("7");
    await two.company.pump.work();
    expect(two.boxes()).toEqual([]);

    two.clock.moveTo(later(two.clock.now(), seconds(15)));
    await two.company.pump.work();

    expect(two.boxes()).toEqual([{ box: "7", token: "open" }]);
  });

  it("are handed over only when they have changed", async () => {
    const [here] = await open();
    const one = await startProcess(db, here);
    await one.add("7");
    await one.company.refresh();
    await one.company.refresh();

    expect(one.given.map((connections) => connections.length)).toEqual([0, 1]);
  });

  it("are sealed anew at the first start with another key, and need the old one no more", async () => {
    const [here] = await open();
    await (await startProcess(db, here)).add("7");
    const next = randomBytes(32).toString("base64");
    const changing = await startProcess(db, here, { SECRETS_KEY: next, SECRETS_KEY_OLD: KEY });
    const changed = await startProcess(db, here, { SECRETS_KEY: next });
    const lost = await startProcess(db, here, { SECRETS_KEY: KEY });

    expect(changing.boxes()).toEqual([{ box: "7", token: "open" }]);
    expect(changed.boxes()).toEqual([{ box: "7", token: "open" }]);
    expect(lost.boxes()).toEqual([]);
    expect(await lost.company.troubles()).toEqual([expect.stringContaining("SECRETS_KEY")]);
  });

  it("say what does not work, each in a sentence", async () => {
    const [here] = await open();
    const one = await startProcess(db, here);
    await one.add("7");
    await one.add("8", "shut");

    expect(await one.company.troubles()).toEqual(["letters 8: It is locked."]);
  });

  it("of a kind this release does not know disturb nobody", async () => {
    const [here] = await open();
    const id = newId<ConnectionId>();
    await db.query(
      "insert into connection (tenant, id, kind, account, name, settings, updated_at) values ('main', $1, 'pigeons', '1', 'Loft', '{}', now())",
      [id],
    );
    const one = await startProcess(db, here);

    expect(one.company.connections.inUse()).toEqual([]);
    expect(await one.company.troubles()).toEqual([expect.stringContaining("pigeons")]);
    expect((await one.change(id, { settings: {} })).json()).toMatchObject({ code: "invalid_field", field: "kind" });
    expect((await one.change(id, { enabled: false })).statusCode).toBe(200);
  });
});
