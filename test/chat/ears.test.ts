import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { wrote } from "../support/fake-channel.ts";
import { createStage, wipe } from "./stage.ts";

const settings = { CHAT_QUIET_WINDOW_MS: "0", UNCLEAR_SETTLE_MS: "60000" };

describe("a worker that answers no webhooks", () => {
  let db: FreshDatabase;
  beforeAll(async () => void (db = await freshDatabase()));
  afterAll(() => db.drop());
  beforeEach(() => wipe(db));

  /** A worker whose first send ended unclear, and the loop of a web process beside it. */
  async function unclearSend() {
    const stage = await createStage({ db, settings, hears: false });
    stage.channel.plan({ kind: "unclear", words: "cut" });
    await stage.deliver(wrote("7916", "hello"));
    await stage.settle();
    const minutes = async (count: number, { heard }: { heard: boolean }) => {
      for (let second = 0; second < count * 60; second += 2) {
        if (heard) await stage.chat.ears.work();
        await stage.pass(2000);
      }
    };
    return { stage, minutes };
  }

  it("takes silence for a no only after somebody has heard webhooks for as long as it must wait", async () => {
    const { stage, minutes } = await unclearSend();

    await minutes(3, { heard: false });
    const whileDeaf = stage.channel.sent.length;
    await minutes(0.8, { heard: true });
    const soonAfter = stage.channel.sent.length;
    await minutes(1, { heard: true });

    expect([whileDeaf, soonAfter, stage.channel.sent.length]).toEqual([1, 1, 2]);
  });

  it("begins to wait anew when nobody heard for a while", async () => {
    const { stage, minutes } = await unclearSend();

    await minutes(0.8, { heard: true });
    await minutes(0.2, { heard: false });
    await minutes(0.8, { heard: true });
    const before = stage.channel.sent.length;
    await minutes(1, { heard: true });

    expect([before, stage.channel.sent.length]).toEqual([1, 2]);
  });
});
