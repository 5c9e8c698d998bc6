import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId, type ContactId, type PhoneNumber } from "#kit";
import { kinship } from "../../src/chat/core/kinship.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { wrote } from "../support/fake-channel.ts";
import { createStage, wipe, type Stage } from "./stage.ts";

const id = (n: number) => `01935a3c-0000-7000-8000-00000000000${n}` as ContactId;
const PHONE = "+79161234567" as PhoneNumber;

describe("who stays when two contacts are one person", () => {
  it.each([
    ["the one with a telephone number", [PHONE], [], 1],
    ["the other one when only it has a number", [], [PHONE], 2],
    ["the older when nobody has a number", [], [], 1],
  ] as const)("%s", (_words, one, other, kept) => {
    const verdict = kinship({ contactId: id(1), phones: [...one] }, { contactId: id(2), phones: [...other] }, false);
    expect(verdict).toEqual({ same: true, kept: id(kept), merged: id(3 - kept) });
  });

  it("nobody: two numbers are two people, and so are two whom a person has parted", () => {
    const two = "+79161234568" as PhoneNumber;
    expect(kinship({ contactId: id(1), phones: [PHONE] }, { contactId: id(2), phones: [two] }, false).same).toBe(false);
    expect(kinship({ contactId: id(1), phones: [] }, { contactId: id(2), phones: [] }, true).same).toBe(false);
  });
});

describe("people and their names", () => {
  let db: FreshDatabase;
  let stage: Stage;
  let olga: Awaited<ReturnType<Stage["operator"]>>;
  beforeAll(async () => void (db = await freshDatabase()));
  afterAll(() => db.drop());
  beforeEach(() => begin());

  async function begin() {
    await wipe(db);
    stage = await createStage({ db, settings: { CHAT_QUIET_WINDOW_MS: "0" } });
    stage.bot.answerWith(() => ({ text: "", handOff: { because: "asked-for-person" } }));
    olga = await stage.operator("olga", { capacity: 100 });
    await stage.presence(olga, "online");
  }

  const says = async (address: string, text: string, more: Parameters<typeof wrote>[2] = {}) => {
    await stage.deliver(wrote(address, text, more));
    await stage.pass(100);
  };
  const contactOf = async (address: string) =>
    (await db.query<{ id: ContactId }>("select contact_id as id from identity where address = $1", [address]))[0]!.id;
  /** The conversation that holds the newest message with these words. */
  const homeOf = async (text: string) =>
    (
      await db.query<{ id: string; contactId: ContactId }>(
        `select c.id, c.contact_id as "contactId" from message m join conversation c on c.id = m.conversation_id
         where m.author = 'customer' and m.text = $1 order by m.id desc limit 1`,
        [text],
      )
    )[0]!;
  const reply = (conversation: string, text: string) =>
    stage.as(olga).post(`/conversations/${conversation}/messages`, { text, clientId: newId() });
  const merge = async (one: string, other: string) =>
    stage.as(olga).post(`/contacts/${await contactOf(one)}/merge`, { contactId: await contactOf(other) });

  it("DM-15 two names in one message are one person from then on, in the conversation that was open", async () => {
    await says("RU.anna", "hello");
    await says("79161234567", "my other name", { alsoKnownAs: ["RU.anna"] });
    await says("RU.anna", "again");

    const [first, other, again] = [await homeOf("hello"), await homeOf("my other name"), await homeOf("again")];
    expect([other.id, again.id]).toEqual([first.id, first.id]);
    expect(await stage.conversations()).toHaveLength(1);
  });

  it("a merge by hand joins what is said, and is written down; taken back, both have their own again", async () => {
    await says("anna", "from anna");
    await says("boris", "from boris");
    const before = await db.query("select id, contact_id, address from conversation order by id");

    const done = await merge("anna", "boris");
    expect(done.status).toBe(200);
    const person = await stage.as(olga).get(`/contacts/${await contactOf("boris")}`);
    expect(person.body).toMatchObject({
      id: await contactOf("anna"),
      names: [{ address: "anna" }, { address: "boris" }],
    });
    expect((await merge("anna", "boris")).status).toBe(409);

    expect((await stage.as(olga).post(`/contact-merges/${done.body.mergeId}/undo`)).status).toBe(204);
    expect((await stage.as(olga).post(`/contact-merges/${done.body.mergeId}/undo`)).status).toBe(409);
    expect(await db.query("select id, contact_id, address from conversation order by id")).toEqual(before);
    expect((await stage.as(olga).get(`/contacts/${await contactOf("boris")}`)).body.names).toMatchObject([
      { address: "boris" },
    ]);
    expect((await stage.events()).map(({ kind }) => kind).filter((kind) => kind.startsWith("contact."))).toEqual([
      "contact.merged",
      "contact.parted",
    ]);
  });

  it("whom a person has parted no message joins again", async () => {
    await says("anna", "from anna");
    await says("boris", "from boris");
    const { body } = await merge("anna", "boris");
    await stage.as(olga).post(`/contact-merges/${body.mergeId}/undo`);
    await says("boris", "both names", { alsoKnownAs: ["anna"] });

    expect((await homeOf("both names")).contactId).toBe(await contactOf("boris"));
    expect(await stage.events("contact.merged")).toHaveLength(1);
  });

  it("an older merge is not taken back under a newer one", async () => {
    for (const name of ["anna", "boris", "vera"]) await says(name, `from ${name}`);
    const older = await merge("anna", "boris");
    const newer = await merge("vera", "anna");

    expect((await stage.as(olga).post(`/contact-merges/${older.body.mergeId}/undo`)).body.code).toBe("merged_further");
    expect((await stage.as(olga).post(`/contact-merges/${newer.body.mergeId}/undo`)).status).toBe(204);
    expect((await stage.as(olga).post(`/contact-merges/${older.body.mergeId}/undo`)).status).toBe(204);
  });

  /** People who write, are merged, are parted, and are answered, in any order. */
  type Act =
    | { do: "write"; who: string }
    | { do: "merge"; one: string; other: string }
    | { do: "part" }
    | { do: "close"; who: string };
  const who = fc.constantFrom("anna", "boris", "vera");
  const acts: fc.Arbitrary<Act[]> = fc.array(
    fc.oneof(
      { weight: 4, arbitrary: fc.record({ do: fc.constant("write" as const), who }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant("merge" as const), one: who, other: who }) },
      { weight: 2, arbitrary: fc.constant({ do: "part" as const }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant("close" as const), who }) },
    ),
    { minLength: 4, maxLength: 9 },
  );

  it("whatever is merged and parted, a reply reaches whoever wrote last in that conversation, and nobody else", async () => {
    await fc.assert(
      fc.asyncProperty(acts, async (history) => {
        await begin();
        const merges: string[] = [];
        let said = 0;
        for (const name of ["anna", "boris", "vera"]) await says(name, `first of ${name}`);
        for (const act of history) {
          if (act.do === "write") {
            const words = `${act.who} ${++said}`;
            await says(act.who, words);
            const home = await homeOf(words);
            const answer = `to ${words}`;
            expect((await reply(home.id, answer)).status).toBe(202);
            await stage.pass(100);
            const reached = stage.channel.sent.filter(({ content }) => content.text === answer).map(({ to }) => to.id);
            expect(reached).toEqual([act.who]);
            const people = await db.query<{ same: boolean }>(
              `select coalesce(a.merged_into, a.id) = coalesce(b.merged_into, b.id) as same from contact a, contact b
               where a.id = $1 and b.id = $2`,
              [home.contactId, await contactOf(act.who)],
            );
            expect(people).toEqual([{ same: true }]);
          } else if (act.do === "merge") {
            const { status, body } = await merge(act.one, act.other);
            expect([200, 409]).toContain(status);
            if (status === 200) merges.push(body.mergeId);
          } else if (act.do === "part") {
            const last = merges.pop();
            if (last) expect((await stage.as(olga).post(`/contact-merges/${last}/undo`)).status).toBe(204);
          } else {
            const home = await homeOf(`first of ${act.who}`);
            await stage.as(olga).post(`/conversations/${home.id}/close`, {});
            await stage.pass(100);
          }
        }
        const open = await db.query<{ n: number }>(
          "select count(*)::int as n from conversation where closed_at is null group by contact_id, channel, account",
        );
        for (const { n } of open) expect(n).toBe(1);
      }),
      { numRuns: 25 },
    );
  }, 120_000);
});
