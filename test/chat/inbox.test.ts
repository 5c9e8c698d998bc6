import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ChannelEvent } from "#chat";
import { createSettableClock, instant, type PhoneNumber } from "#kit";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { ACCOUNT, became, createFakeChannel, wrote } from "../support/fake-channel.ts";
import { START, createStage, wipe } from "./stage.ts";

const PHONE = "+79161234567" as PhoneNumber;

describe("the inbox", () => {
  let db: FreshDatabase;
  beforeAll(async () => void (db = await freshDatabase()));
  afterAll(() => db.drop());
  beforeEach(() => wipe(db));

  it("answers a burst once, with everything that was written in order", async () => {
    const stage = await createStage({ db });
    await stage.deliver(
      wrote("7916", "второе", { at: instant(START - 1000) }),
      wrote("7916", "первое", { at: instant(START - 5000) }),
    );
    await stage.pass(1500);
    await stage.deliver(wrote("7916", "третье"));
    await stage.pass(1900);
    expect(stage.channel.sent).toHaveLength(0);

    await stage.pass(200);

    expect(stage.channel.textsTo("7916")).toEqual(["echo: первое | второе | третье"]);
    expect(stage.bot.asked).toHaveLength(1);
  });

  it("answers at once when the quiet window is nothing", async () => {
    const stage = await createStage({ db, settings: { CHAT_QUIET_WINDOW_MS: "0" } });
    await stage.deliver(wrote("7916", "a"), wrote("7917", "b"));
    await stage.settle();

    expect(stage.channel.textsTo("7916")).toEqual(["echo: a"]);
    expect(stage.channel.textsTo("7917")).toEqual(["echo: b"]);
  });

  it("shows once per burst that somebody is reading and writing", async () => {
    const stage = await createStage({ db });
    await stage.deliver(wrote("7916", "a", { providerId: "first" }));
    await stage.settle();
    await stage.deliver(wrote("7916", "b"));
    await stage.pass(5000);

    expect(stage.channel.acknowledged).toEqual([{ providerId: "first", typing: true }]);
  });

  it("ends the same whatever is doubled and shuffled", async () => {
    const events: ChannelEvent[] = [
      wrote("7916", "one", { providerId: "m1" }),
      wrote("7916", "two", { providerId: "m2" }),
      wrote("7917", "three", { providerId: "m3", phone: PHONE }),
      became("sent", { providerId: "out-1", lane: "7916" }),
      became("delivered", { providerId: "out-1", lane: "7916" }),
      became("read", { providerId: "out-1", lane: "7916" }),
      became("failed", { providerId: "out-2", lane: "7917" }),
      became("sent", { providerId: "out-2", lane: "7917" }),
    ];
    const order = fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 });
    const cuts = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 20, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(order, cuts, async (mixed, sizes) => {
        await wipe(db);
        const stage = await createStage({ db });
        // Two messages of ours exist already, so that receipts have something to be about.
        await stage.deliver(wrote("7916", "before", { providerId: "m0" }));
        await stage.pass(3000);
        await stage.deliver(wrote("7917", "before", { providerId: "m00" }));
        await stage.pass(3000);

        for (let at = 0, cut = 0; at < mixed.length; at += sizes[cut++ % sizes.length]!) {
          await stage.deliver(...mixed.slice(at, at + sizes[cut % sizes.length]!));
          if (cut % 2 === 0) await stage.settle();
        }
        await stage.pass(20_000);

        const messages = await stage.messages();
        const customers = messages.filter(({ author }) => author === "customer").map(({ text }) => text);
        expect(customers.toSorted()).toEqual(["before", "before", "one", "three", "two"]);
        expect(messages.find((one) => one.provider_id === "out-1")?.status).toBe("read");
        expect(messages.find((one) => one.provider_id === "out-2")?.status).toBe("failed");
        expect(await stage.conversations()).toHaveLength(2);
        expect(stage.channel.sent).toHaveLength(4);
        expect(await db.query("select 1 from inbox where processed_at is null")).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });

  it("knows a person by any name that came along, and answers where the message came from", async () => {
    const stage = await createStage({ db });
    await stage.deliver(wrote("7916", "by number", { phone: PHONE, alsoKnownAs: ["RU.abc"], name: "Ольга" }));
    await stage.pass(3000);
    await stage.deliver(wrote("RU.abc", "by user id"));
    await stage.pass(3000);

    expect(await stage.conversations()).toMatchObject([{ address: "RU.abc" }]);
    expect(stage.channel.textsTo("RU.abc")).toEqual(["echo: by user id"]);
    expect(await db.query("select name, locale from contact")).toEqual([{ name: "Ольга", locale: "en" }]);
    expect(stage.bot.asked.map(({ phone }) => phone)).toEqual([PHONE, PHONE]);
  });

  it("follows a customer to a new address", async () => {
    const stage = await createStage({ db });
    await stage.deliver(wrote("7916", "hello"));
    await stage.pass(3000);
    await stage.deliver({
      account: ACCOUNT,
      lane: "7916",
      dedupe: "x",
      at: START,
      kind: "address-changed",
      from: "7916",
      to: "7999",
      phone: null,
    });
    await stage.deliver(wrote("7999", "still me"));
    await stage.pass(3000);

    expect(await stage.conversations()).toHaveLength(1);
    expect(stage.channel.textsTo("7999")).toEqual(["echo: still me"]);
  });

  it("shows what it cannot read, and puts corrections and reactions where they belong", async () => {
    const stage = await createStage({ db });
    await stage.deliver(
      wrote(
        "7916",
        { kind: "media", media: "image", fileId: "f", mimeType: "image/png", caption: "" },
        { providerId: "photo" },
      ),
      wrote("7916", { kind: "unsupported", what: "poll" }),
      wrote("7916", "teh", { providerId: "typo" }),
      wrote("7916", "oops", { providerId: "secret" }),
    );
    await stage.settle();
    const origin = { account: ACCOUNT, lane: "7916", at: START };
    await stage.deliver(
      { ...origin, dedupe: "e1", kind: "edited", providerId: "typo", content: { kind: "text", text: "the" } },
      { ...origin, dedupe: "e2", kind: "deleted", providerId: "secret" },
      wrote("7916", { kind: "reaction", to: "photo", emoji: "👍" }),
    );
    await stage.settle();

    expect((await stage.messages()).map(({ text }) => text)).toEqual([
      "Фото",
      "Неподдерживаемое сообщение: poll",
      "the",
      "Сообщение удалено",
    ]);
    expect((await stage.messages())[0]?.meta).toEqual({ reaction: "👍" });
  });

  it("refuses what the provider did not sign and what is not a webhook, and stores nothing", async () => {
    const stage = await createStage({ db });
    const fake = createFakeChannel();
    const unsigned = await createStage({ db, channel: { ...fake, isGenuine: () => false } });

    expect(await unsigned.deliver(wrote("7916", "hello"))).toBe(403);
    const odd = await createStage({ db, channel: { ...fake, read: () => null } });
    expect(await odd.deliver(wrote("7916", "hello"))).toBe(400);
    expect(await db.query("select 1 from inbox")).toEqual([]);
    expect(await stage.deliver()).toBe(200);
  });

  it("sets a poisoned event aside after five tries; its neighbours do not notice", async () => {
    const stage = await createStage({ db });
    stage.hooks.customerEngaged = async () => {
      throw new Error("poison");
    };
    const invited = await db.tx((tx) =>
      stage.chat.invite(tx, {
        callId: CALL,
        channel: "fake",
        phone: PHONE,
        locale: "ru",
        queue: "q",
        token: "tok",
        place: 3,
        waitedSeconds: 40,
      }),
    );
    expect(invited).not.toBe("unavailable");
    await stage.settle();
    await stage.deliver(wrote("79161234567", "poisoned", { phone: PHONE }), wrote("7000", "healthy"));
    await stage.pass(3000);

    expect(stage.channel.textsTo("7000")).toEqual(["echo: healthy"]);
    for (let n = 0; n < 5; n += 1) await stage.settle();
    expect(await stage.events("inbox.quarantined")).toMatchObject([{ data: { event: "message", attempts: 5 } }]);
    expect(await db.query("select attempts, error from inbox where error is not null")).toEqual([
      { attempts: 5, error: "poison" },
    ]);
  });

  it("keeps the order of a customer over several processes", async () => {
    const clock = createSettableClock(START);
    const channel = createFakeChannel();
    const one = await createStage({ db, clock, channel, settings: { CHAT_QUIET_WINDOW_MS: "0" } });
    const two = await createStage({ db, clock, channel, settings: { CHAT_QUIET_WINDOW_MS: "0" } });
    const customers = Array.from({ length: 20 }, (_, n) => `70${n}`);
    for (let n = 0; n < 5; n += 1) {
      for (const customer of customers)
        await one.deliver(wrote(customer, String(n), { at: instant(START - 10_000 + n) }));
      await Promise.all([one.settle(), two.settle()]);
    }

    for (const customer of customers)
      expect(channel.textsTo(customer)).toEqual(["0", "1", "2", "3", "4"].map((n) => `echo: ${n}`));
  });

  it("keeps receipts about messages it does not know, harmlessly", async () => {
    const stage = await createStage({ db });
    await stage.deliver(became("delivered", { providerId: "of-another-program" }));
    await stage.settle();

    expect(await stage.events("status.orphaned")).toHaveLength(1);
  });
});

const CALL = "01890000-0000-7000-8000-000000000001" as never;
