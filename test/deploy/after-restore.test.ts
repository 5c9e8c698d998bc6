import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { read } from "../docs/pages.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { wrote } from "../support/fake-channel.ts";
import { createStage } from "../chat/stage.ts";

describe("a database that was restored from a backup", () => {
  let db: FreshDatabase;
  beforeAll(async () => void (db = await freshDatabase()));
  afterAll(() => db.drop());

  it("sends nobody again what had not left when the backup was made, and goes on with what comes after", async () => {
    const before = await createStage({ db, settings: { CHAT_QUIET_WINDOW_MS: "0" } });
    await before.deliver(wrote("7916", "one"));
    for (const name of ["inbox", "answers"]) while ((await before.pump(name).work()) > 0);
    expect((await before.messages()).map(({ status }) => status)).toEqual([null, "queued"]);

    await db.query(read("deploy/after-restore.sql"));
    const after = await createStage({ db, settings: { CHAT_QUIET_WINDOW_MS: "0" } });
    await after.settle();
    await after.pass(10 * 60_000);
    expect(after.channel.sent).toEqual([]);
    await after.deliver(wrote("7916", "two"));
    await after.settle();

    expect(after.channel.textsTo("7916")).toEqual(["echo: two"]);
    expect((await after.messages()).map(({ text, status }) => `${text}: ${status}`)).toEqual([
      "one: null",
      "echo: one: unclear",
      "two: null",
      "echo: two: accepted",
    ]);
  });
});
