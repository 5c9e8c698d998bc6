import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually } from "../support/eventually.ts";
import { ACCOUNT, alarms, CALLER, link, openProcess, openServer, type Process, type Shared } from "./stage.ts";

let shared: Shared;
let open: Process[];
beforeEach(async () => {
  shared = await openServer();
  open = [];
});
afterEach(async () => {
  for (const process of open) await process.close();
  await shared.server.close();
  await shared.db.drop();
});

async function start(...given: Parameters<typeof openProcess> extends [unknown, ...infer Rest] ? Rest : never) {
  const process = await openProcess(shared, ...given);
  open.push(process);
  return process;
}

/** As a restart of the program: nothing but the database is left. */
async function stop(process: Process) {
  open = open.filter((one) => one !== process);
  await process.close();
}

const { moveTo, now } = {
  moveTo: (ms: number) => shared.clock.moveTo((shared.clock.now() + ms) as never),
  now: () => shared.clock.now(),
};
/** The clock goes on while a real socket does its part. */
const passUntil = (what: string, happened: () => Promise<boolean>) =>
  eventually(what, () => {
    moveTo(100);
    return happened();
  });
const logins = () => shared.server.seen.logins;
const stored = () => shared.db.query<{ type: string; sealed: string }>("select type, sealed from whatsapp_web_key");

describe("linking an account", () => {
  it("by a picture: shown by the API, scanned by the telephone, connected; with the warning in words", async () => {
    const process = await start();
    const asked = await process.post("pair", { by: "qr" });
    expect(asked).toMatchObject({ status: 202, body: { warning: expect.stringContaining("terms of service") } });
    await eventually("a picture is shown", async () => (await process.state()).shown !== null);
    expect(await process.state()).toMatchObject({ at: "pairing", held: true, shown: { kind: "qr" } });

    shared.server.scan(ACCOUNT, (await process.state()).shown.text);
    await process.until("open");
    expect(shared.server.isOnline(ACCOUNT)).toBe(true);
    expect(await process.state()).toMatchObject({ at: "open", shown: null, trouble: null, enabled: true });
    expect(process.logged.join("\n")).toContain("often banned");
  });

  it("by a code that is typed into the telephone", async () => {
    const process = await start();
    await process.post("pair", { by: "code" });
    await eventually("a code is shown", async () => (await process.state()).shown !== null);
    const { shown } = await process.state();
    expect(shown).toMatchObject({ kind: "code", text: expect.stringMatching(/^[1-9A-Z]{8}$/) });

    await shared.server.type(ACCOUNT, shown.text);
    await process.until("open");
    expect(shared.server.isOnline(ACCOUNT)).toBe(true);
  });

  it("with a wrong code links nothing and keeps nothing", async () => {
    const process = await start();
    await process.post("pair", { by: "code" });
    await eventually("a code is shown", async () => (await process.state()).shown !== null);
    await shared.server.type(ACCOUNT, "WRQNGWRQ");
    shared.server.cut();
    await process.until("unpaired");

    expect(await stored()).toEqual([]);
  });

  it("by another telephone than the account's own is undone, in words", async () => {
    const process = await start();
    await process.post("pair", { by: "qr" });
    await eventually("a picture is shown", async () => (await process.state()).shown !== null);
    shared.server.scan(CALLER.slice(1), (await process.state()).shown.text);
    await process.until("halted");

    expect(await process.state()).toMatchObject({ trouble: expect.stringContaining("Another telephone") });
    await eventually("nothing is kept", async () => (await stored()).length === 0);
    await eventually("the server forgets us too", () => !shared.server.isLinked(CALLER.slice(1)));
  });

  it("needs SECRETS_KEY, and says so", async () => {
    const process = await start({ key: null });
    const { status, body } = await process.post("pair");
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: "secrets_key_missing", message: expect.stringContaining("SECRETS_KEY") });
  });

  it("of a connection nobody knows is refused", async () => {
    const process = await start();
    await process.use(null);
    expect((await process.post("pair")).body).toMatchObject({ code: "connection_not_found" });
    expect((await process.get("state")).status).toBe(404);
  });
});

describe("the keys of a link", () => {
  it("are sealed one by one: nothing in the table can be read, and nothing opens in another place", async () => {
    const process = await start();
    await link(process, shared.server);
    const rows = await stored();
    expect(rows.length).toBeGreaterThan(800);
    expect(rows.every(({ sealed }) => /^1\.[\w-]{8}\.[\w-]+\.[\w-]+\.[\w-]+$/.test(sealed))).toBe(true);
    await stop(process);

    await shared.db.query(
      "update whatsapp_web_key set sealed = (select sealed from whatsapp_web_key where type = 'pre-key' limit 1) where type = 'credentials'",
    );
    const moved = await start();
    await moved.get("state");
    await moved.settle();
    await eventually("it is an alarm", async () => (await alarms(shared.db)).length > 0);
    expect((await alarms(shared.db))[0]!.words).toContain("cannot be opened");
  });

  it("survive a restart: the same device comes back by itself", async () => {
    const first = await start();
    await link(first, shared.server);
    await stop(first);
    expect(shared.server.isOnline(ACCOUNT)).toBe(false);

    const second = await start();
    await second.until("open");
    expect(shared.server.isOnline(ACCOUNT)).toBe(true);
    expect(logins()).toBe(2);
  });

  it("are sealed anew when the key has changed, and an account without its key says what to do", async () => {
    const first = await start();
    await link(first, shared.server);
    await stop(first);
    const stranger = await start({ key: Buffer.alloc(32, 9) });
    await eventually("it is an alarm", async () => (await alarms(shared.db)).length > 0);
    expect((await alarms(shared.db))[0]).toMatchObject({ words: expect.stringContaining("SECRETS_KEY") });
    expect(logins()).toBe(1);
    await stop(stranger);

    const rotated = await start({ key: Buffer.alloc(32, 9), oldKey: Buffer.alloc(32, 7) });
    await rotated.until("open");
    await stop(rotated);
    const later = await start({ key: Buffer.alloc(32, 9) });
    await later.until("open");
    expect(await alarms(shared.db)).toEqual([]);
  });
});

describe("one process per account", () => {
  it("the second one waits, and takes over when the first is gone", async () => {
    const [first, second] = [await start(), await start()];
    await link(first, shared.server);
    moveTo(5000);
    await second.settle();
    expect(logins()).toBe(1);
    expect(await second.state()).toMatchObject({ at: "open", held: true });

    await stop(first);
    moveTo(5000);
    await eventually("the second one is connected", () => logins() === 2);
    await second.until("open");
  });

  it("without the lock nothing stays connected", async () => {
    const process = await start();
    await link(process, shared.server);
    await shared.db.query(
      "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())",
    );
    await eventually("the line is given up", () => !shared.server.isOnline(ACCOUNT));

    moveTo(5000);
    await eventually("it is taken again", () => shared.server.isOnline(ACCOUNT));
  });
});

describe("when WhatsApp ends the connection", () => {
  it.each([408, 500, 503])("with %i it comes back after a pause", async (code) => {
    const process = await start();
    await link(process, shared.server);
    shared.server.disconnect(ACCOUNT, code);
    await process.until("waiting");
    expect(await process.line()).toMatchObject({ code, tries: 1 });
    expect(logins()).toBe(1);

    await passUntil("it is open again", async () => (await process.line())?.at === "open");
    expect(logins()).toBe(2);
  });

  it.each([
    [403, "banned"],
    [411, "linked devices"],
    [440, "Another program"],
  ])("with %i it stops, rings, and does not try again, also after a restart", async (code, words) => {
    const process = await start();
    await link(process, shared.server);
    shared.server.ban(ACCOUNT, code);
    await process.until("halted");
    await eventually("it rings", async () => (await alarms(shared.db)).length > 0);
    expect(await alarms(shared.db)).toEqual([
      { code: `whatsapp-web:account:${ACCOUNT}:line`, words: expect.stringContaining(words) },
    ]);
    expect(await process.state()).toMatchObject({ at: "halted", code, trouble: expect.stringContaining(words) });

    moveTo(600_000);
    await process.settle();
    await stop(process);
    const restarted = await start();
    moveTo(600_000);
    await restarted.settle();
    expect(logins()).toBe(1);
  });

  it("403, and the ban was lifted: it comes back when a person says so, and the alarm ends", async () => {
    const process = await start();
    await link(process, shared.server);
    shared.server.ban(ACCOUNT, 403);
    await process.until("halted");
    shared.server.forgive(ACCOUNT);
    await process.post("start");
    await process.until("open");

    expect(await alarms(shared.db)).toEqual([]);
    expect(logins()).toBe(2);
  });

  it("401, logged out on the telephone: the keys are forgotten, and the account can be linked anew", async () => {
    const process = await start();
    await link(process, shared.server);
    shared.server.disconnect(ACCOUNT, 401);
    await process.until("halted");
    await eventually("the keys are gone", async () => (await stored()).length === 0);

    await link(process, shared.server);
    expect(await alarms(shared.db)).toEqual([]);
  });
});

describe("when the library itself goes wrong", () => {
  it("something nobody can decrypt ends the line, not the program", async () => {
    const process = await start();
    await link(process, shared.server);
    shared.server.garble(ACCOUNT);
    await process.until("waiting");

    await passUntil("it is open again", async () => (await process.line())?.at === "open");
  });

  it("nothing it prints reaches our output: it prints private keys", async () => {
    const process = await start({ channel: true });
    await link(process, shared.server);
    const printed: string[] = [];
    const write = globalThis.process.stdout.write;
    globalThis.process.stdout.write = (text: string | Uint8Array) => Boolean(printed.push(String(text)));
    try {
      const customer = shared.server.customer(CALLER.slice(1), ACCOUNT);
      await customer.write("hello");
      await eventually("it is heard", () => process.heard.length > 0);
      await process.send(`${CALLER.slice(1)}@s.whatsapp.net`, "hello");
    } finally {
      globalThis.process.stdout.write = write;
    }
    expect(printed.join("")).not.toMatch(/privKey|SessionEntry/);
  });
});

describe("the switch", () => {
  it("ends the connection at once, in whichever process has it, and is remembered", async () => {
    const [first, second] = [await start(), await start()];
    await link(first, shared.server);
    const before = now();
    expect((await second.post("stop")).body).toMatchObject({ enabled: false });
    expect(await first.web.probe.find(CALLER)).toBe("unknown");
    expect(shared.server.seen.lookups).toEqual([]);
    moveTo(5000);
    await eventually("the line is ended", () => !shared.server.isOnline(ACCOUNT));
    expect((await first.post("pair")).body).toMatchObject({ code: "whatsapp_web_stopped" });

    await stop(first);
    const restarted = await start();
    moveTo(60_000);
    await restarted.settle();
    expect(logins()).toBe(1);
    expect(before).toBeLessThan(now());

    await restarted.post("start");
    await restarted.until("open");
  });
});
