import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import pg from "pg";
import { startOwnPostgres } from "#db";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { BOUND_BY_MODES, newFolder, refusedStart, startProgram } from "./program.ts";

/** One line for a person: what is wrong and what to do. No stack, no name of a class. */
const sentence = (words: RegExp) => ({
  code: 1,
  words: expect.stringMatching(new RegExp(`^Detour did not start\\. [^\\n]*${words.source}[^\\n]*\\.\\n$`)),
});

const twilio = { TWILIO_ACCOUNT_SID: `AC${"0".repeat(32)}`, TWILIO_NUMBER: "+74950000142" };

describe.concurrent("a start that cannot succeed ends with one sentence", () => {
  let db: FreshDatabase;
  const folders: string[] = [];
  const folder = () => {
    const path = newFolder();
    folders.push(path);
    return path;
  };

  beforeAll(async () => void (db = await freshDatabase()));
  afterAll(async () => {
    await db.drop();
    for (const path of folders) rmSync(path, { recursive: true, force: true });
  });

  /** An empty database that belongs to somebody else than `role`; answers its address for `role`. */
  async function newDatabase(role: string, rights = "select 1"): Promise<string> {
    const name = `${role}_${process.pid}`;
    await db.query(`create role ${role} login`);
    await db.query(`create database ${name}`);
    const client = new pg.Client({ connectionString: Object.assign(new URL(db.url), { pathname: `/${name}` }).href });
    await client.connect();
    await client.query(rights);
    await client.end();
    return Object.assign(new URL(db.url), { pathname: `/${name}`, username: role }).href;
  }

  it("about a wrong value", async () => {
    expect(await refusedStart({ PORT: "eighty" })).toEqual(
      sentence(/PORT must be a whole number\. Change PORT in \.env or in the environment and start again/),
    );
  });

  it("about a database address that is none", async () => {
    expect(await refusedStart({ DATABASE_URL: "localhost:5432" })).toEqual(
      sentence(/DATABASE_URL must start with postgres:\/\//),
    );
  });

  it("about half of a telephone provider", async () => {
    expect(await refusedStart(twilio)).toEqual(
      sentence(/TWILIO_AUTH_TOKEN is missing though TWILIO_ACCOUNT_SID is set/),
    );
  });

  it("about half of a messenger", async () => {
    expect(await refusedStart({ WHATSAPP_PHONE_NUMBER_ID: "1" })).toEqual(
      sentence(/WHATSAPP_BUSINESS_ACCOUNT_ID is missing\. Set WHATSAPP_BUSINESS_ACCOUNT_ID/),
    );
  });

  it("about a busy port", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as AddressInfo;

    const refusal = await refusedStart({ DATABASE_URL: db.url, PORT: String(port) });

    expect(refusal).toEqual(
      sentence(new RegExp(`PORT ${port} is taken by another program\\. .*set PORT to a free one`)),
    );
    other.close();
  });

  it("about a data folder that another Detour uses, which goes on and stops cleanly", async () => {
    const home = folder();
    const first = await startProgram({ DATA_DIR: home });

    expect(await refusedStart({ DATA_DIR: home })).toEqual(
      sentence(/DATA_DIR: the folder \S+ is in use by another Detour\. Stop that one/),
    );

    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
    expect(await first.stop()).toBe(0);
  });

  it("about a data folder that cannot be made", async () => {
    expect(await refusedStart({ DATA_DIR: "/dev/null/data" })).toEqual(
      sentence(/DATA_DIR: the folder \/dev\/null\/data cannot be written .*Choose another folder or change its owner/),
    );
  });

  it("about a data folder that belongs to somebody else", async () => {
    const home = folder();
    chmodSync(home, 0o555);

    expect(await refusedStart({ DATA_DIR: home }, BOUND_BY_MODES)).toEqual(
      sentence(/DATA_DIR: the folder \S+ cannot be written .*Choose another folder or change its owner/),
    );
  });

  it("about a data folder of which only a part may be written", async () => {
    const home = folder();
    mkdirSync(join(home, "postgres"), { mode: 0o700 });
    mkdirSync(join(home, "postgres-lib"));
    chmodSync(join(home, "postgres-lib"), 0o555);
    chmodSync(home, 0o755);

    expect(await refusedStart({ DATA_DIR: home }, BOUND_BY_MODES)).toEqual(
      sentence(/DATA_DIR: the folder \S+ cannot be written/),
    );
  });

  it("about a database nobody serves, without its password", async () => {
    const refusal = await refusedStart({ DATABASE_URL: "postgres://detour:hush@127.0.0.1:9/detour" });

    expect(refusal).toEqual(
      sentence(
        /DATABASE_URL: no PostgreSQL answers at 127\.0\.0\.1:9 \(connect ECONNREFUSED \S+\)\. Start it or correct DATABASE_URL/,
      ),
    );
    expect(refusal.words).not.toContain("hush");
  });

  it("about a database server that is silent", async () => {
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    const { port } = silent.address() as AddressInfo;

    expect(await refusedStart({ DATABASE_URL: `postgres://detour@127.0.0.1:${port}/detour` })).toEqual(
      sentence(new RegExp(`DATABASE_URL: no PostgreSQL answers at 127\\.0\\.0\\.1:${port} \\(timeout expired\\)\\. `)),
    );
    silent.close();
  });

  it("about a database that does not exist", async () => {
    const url = Object.assign(new URL(inject("postgresUrl")), { pathname: "/nowhere" }).href;

    expect(await refusedStart({ DATABASE_URL: url })).toEqual(
      sentence(/DATABASE_URL: database "nowhere" does not exist\. Create it or correct DATABASE_URL/),
    );
  });

  it("about a database account without rights", async () => {
    const url = await newDatabase("guest");

    expect(await refusedStart({ DATABASE_URL: url })).toEqual(
      sentence(/DATABASE_URL: permission denied for schema public\. Let this account own the database/),
    );
  });

  it("about a database account that may make tables but no schemas", async () => {
    const url = await newDatabase("lodger", "grant create on schema public to lodger");

    expect(await refusedStart({ DATABASE_URL: url })).toEqual(
      sentence(/DATABASE_URL: permission denied for database \S+\. Let this account own the database/),
    );
  });

  it("about a PostgreSQL that may forget what it confirmed", async () => {
    const own = await startOwnPostgres(folder());
    const client = new pg.Client({ connectionString: own.url });
    await client.connect();
    await client.query("alter system set fsync = off");
    await client.query("select pg_reload_conf()");
    await client.end();

    expect(await refusedStart({ DATABASE_URL: own.url })).toEqual(
      sentence(/PostgreSQL runs with fsync = off and may lose confirmed messages\. Set fsync = on in postgresql\.conf/),
    );
    await own.stop();
  });
});
