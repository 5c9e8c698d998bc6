import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { instant, later, hours, days, newId, type CallId, type ContactId, type Instant } from "#kit";
import { keepLink, openLinks } from "../../src/chat/link-store.ts";
import { isBlocked, noteBlocks } from "../../src/chat/block-store.ts";
import { wholeChoice, type Proof } from "../../src/chat/proofs.ts";
import { keyOf } from "../../src/chat/channels/telegram/keys.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";

const NOW = instant(Date.UTC(2026, 10, 21, 9));

describe("a tapped button that carries a key", () => {
  const long = { id: `intent:${"очень-длинная-тема".repeat(5)}|token`, title: "Очень длинная тема" };
  const short = { id: "yes", title: "Да" };
  const proof = { choices: [short, long] } as unknown as Proof;
  const tapped = (id: string) => ({ kind: "choice", id, text: id }) as const;

  it("is the choice of the tapped message with that key", () => {
    expect(wholeChoice(tapped(keyOf(long.id)), proof, { keyOf })).toEqual({
      kind: "choice",
      id: long.id,
      text: long.title,
    });
    expect(wholeChoice(tapped("yes"), proof, { keyOf })).toEqual({ kind: "choice", id: "yes", text: "Да" });
  });

  it("stays what it is when the message is unknown, or ids travel as they are", () => {
    expect(wholeChoice(tapped("other"), proof, { keyOf })).toEqual(tapped("other"));
    expect(wholeChoice(tapped("yes"), null, { keyOf })).toEqual(tapped("yes"));
    expect(wholeChoice(tapped("yes"), proof, {})).toEqual(tapped("yes"));
  });
});

describe("in the database", () => {
  let db: FreshDatabase;
  beforeAll(async () => void (db = await freshDatabase()));
  afterAll(() => db.drop());
  beforeEach(async () => void (await db.query("truncate chat_link, chat_block")));

  const open = (token: string, by: string, at: Instant) => db.tx((tx) => openLinks(tx, [{ token, by }], at));

  async function link(token: string) {
    const contactId = newId<ContactId>();
    const callId = newId<CallId>();
    const destination = { contactId, callId, queue: "hotline-ru", locale: "ru" } as const;
    await keepLink(db, { ...destination, token, channel: "telegram", madeAt: NOW, expiresAt: later(NOW, days(7)) });
    return destination;
  }

  it("a link leads back to the contact and the call, for the first who opens it", async () => {
    const destination = await link("t1");
    expect(await open("t1", "telegram 1", NOW)).toEqual([{ ...destination, token: "t1", by: "telegram 1" }]);
    expect(await open("t1", "telegram 2", NOW)).toEqual([]);
    expect(await open("t1", "telegram 1", later(NOW, days(30)))).toHaveLength(1);
  });

  it("a link nobody has opened expires; a token that is not ours opens nothing", async () => {
    await link("t1");
    expect(await open("t1", "telegram 1", later(NOW, days(7)))).toEqual([]);
    expect(await open("t2", "telegram 1", NOW)).toEqual([]);
  });

  it("a link keeps no token: whoever reads the table can open nothing", async () => {
    await link("a-token-nobody-may-read");
    const [row] = await db.query<{ row: string }>("select chat_link::text as row from chat_link");
    expect(row!.row).not.toContain("a-token-nobody-may-read");
  });

  it("two who open one link at the same moment are not both let in", async () => {
    await link("t1");
    const both = await Promise.all(["telegram 1", "telegram 2"].map((by) => open("t1", by, NOW)));
    expect(both.flat()).toHaveLength(1);
  });

  it("the newest word about who blocks us counts, whatever order words come in", async () => {
    const end = { channel: "telegram", account: "777000", address: "4242" };
    const words = [
      { ...end, blocked: true, at: NOW, turn: 1 },
      { ...end, blocked: false, at: NOW, turn: 2 },
      { ...end, blocked: true, at: later(NOW, hours(1)), turn: 3 },
      { ...end, blocked: false, at: later(NOW, hours(1)), turn: 4 },
    ];
    for (const order of [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
      [2, 3, 0, 1],
      [3, 0, 2, 1],
    ]) {
      await db.query("truncate chat_block");
      for (const index of order) await noteBlocks(db, [words[index]!]);
      expect(await isBlocked(db, end)).toBe(false);
    }
    expect(await noteBlocks(db, [{ ...end, blocked: true, at: later(NOW, hours(2)), turn: 5 }])).toHaveLength(1);
    expect(await isBlocked(db, end)).toBe(true);
    expect(await isBlocked(db, { ...end, account: "888000" })).toBe(false);
  });
});
