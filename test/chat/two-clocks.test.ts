import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SendOutcome } from "#chat";
import { createSettableClock, earlier, later, seconds, timeOfId } from "#kit";
import { createIds } from "../../src/chat/ids.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { createFakeChannel, wrote } from "../support/fake-channel.ts";
import { createStage, START } from "./stage.ts";

const settings = { CHAT_QUIET_WINDOW_MS: "0" };

describe("two processes whose clocks disagree by five seconds", () => {
  let db: FreshDatabase;
  beforeAll(async () => void (db = await freshDatabase()));
  afterAll(() => db.drop());

  it("keep the order of a conversation they take turns at, and of what leaves for it", async () => {
    const channel = createFakeChannel();
    const ahead = await createStage({ db, settings, channel });
    const behind = await createStage({ db, settings, channel, clock: createSettableClock(earlier(START, seconds(5))) });
    const held = Promise.withResolvers<SendOutcome>();
    channel.plan(() => held.promise);

    await ahead.deliver(wrote("7916", "one"));
    for (const name of ["inbox", "answers"]) while ((await ahead.pump(name).work()) > 0);
    await ahead.pump("outbox fake").work();
    await behind.deliver(wrote("7916", "two"));
    await behind.settle();
    await behind.pass(10_000);
    const beforeTheFirstLeft = channel.textsTo("7916");
    held.resolve({ kind: "accepted", providerId: "first" });
    await ahead.settle();
    await behind.settle();

    expect((await ahead.messages()).map(({ text }) => text)).toEqual(["one", "echo: one", "two", "echo: two"]);
    expect(beforeTheFirstLeft).toEqual([]);
    expect(channel.textsTo("7916")).toEqual(["echo: one", "echo: two"]);
  });
});

describe("the ids of one process", () => {
  it("rise, follow what another process made, and stay with the clock under any load", () => {
    const clock = createSettableClock(START);
    const ids = createIds(clock);
    const made = Array.from({ length: 5000 }, () => ids());
    ids.follow(later(START, seconds(5)));
    const after = [ids(), ids()];
    ids.follow(START);
    after.push(ids());

    expect([...made, ...after].toSorted()).toEqual([...made, ...after]);
    expect(timeOfId(made.at(-1)!)).toBe(START + 1);
    expect(after.map(timeOfId)).toEqual([START + 5001, START + 5001, START + 5001]);
  });
});
