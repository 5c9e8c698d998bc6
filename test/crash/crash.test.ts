import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setTimeout as pause } from "node:timers/promises";
import { createRandom } from "../../sim/kit/random.ts";
import { dial, type Caller } from "./callers.ts";
import { startLoad, until } from "./load.ts";
import { stuck } from "./recount.ts";
import { openStage, type Stage } from "./stage.ts";
import { breakApi, storm } from "./storm.ts";
import { verdict } from "./verdict.ts";

/** The one place where time is real: what is proved here is that a process may end at any moment of it. */
const A_MINUTE = 60_000;

const hasHeardOfThePlace = ({ phone }: Caller) =>
  phone.heard.some(({ text }) => text.includes("остаётесь в очереди на том же месте"));

describe("the real program under load, every webhook sent twice and out of order", () => {
  let stage: Stage;
  let dialled = 79_030_000_000;

  beforeAll(async () => {
    stage = await openStage();
  }, 2 * A_MINUTE);
  afterAll(() => stage.close());

  const callers = (count: number): Caller[] =>
    Array.from({ length: count }, () => dial(stage.twilio, String(dialled++)));

  const invitesTo = ({ waId }: Caller) =>
    stage.whatsapp.accepted.filter((sent) => sent.waId === waId && sent.body.type === "template");

  const isDrained = async () => Object.values(await stuck(stage)).every((count) => count === 0);

  it(
    "is killed twenty times and loses nothing, answers nothing twice and hangs up on nobody",
    async () => {
      const load = await startLoad(stage, { customers: 30, phones: 6, seed: 1 });
      const { starts } = await storm(stage, { kills: 20, random: createRandom(1) });
      const count = await load.finish(A_MINUTE);

      expect(verdict(count, starts, stage.program), stage.program.lastWords()).toEqual([]);
      expect(count.answered).toBeGreaterThan(100);
    },
    4 * A_MINUTE,
  );

  it(
    "goes on when the messenger's API is down for two seconds",
    async () => {
      const load = await startLoad(stage, { customers: 15, phones: 3, seed: 2 });
      await pause(1000);
      await breakApi(stage.whatsapp);
      await pause(1000);
      const count = await load.finish(A_MINUTE);

      expect(verdict(count, [], stage.program), stage.program.lastWords()).toEqual([]);
      expect(count.answered).toBeGreaterThan(20);
    },
    2 * A_MINUTE,
  );

  it(
    "goes on when it is killed while the messenger's API is down",
    async () => {
      const load = await startLoad(stage, { customers: 15, phones: 3, seed: 3 });
      await pause(1000);
      await breakApi(stage.whatsapp, 1000);
      await stage.program.kill();
      const start = await stage.program.start();
      const count = await load.finish(A_MINUTE);

      expect(verdict(count, [start], stage.program), stage.program.lastWords()).toEqual([]);
      expect(count.answered).toBeGreaterThan(10);
    },
    2 * A_MINUTE,
  );

  it(
    "sends one message when a press is delivered three times",
    async () => {
      stage.twilio.faults.webhook.extraCopies = 2;
      const [caller] = callers(1);
      const isOver = await until(() => caller!.phone.endedAt !== null, 30_000);
      stage.twilio.faults.webhook.extraCopies = 1;

      expect({ pressed: caller!.pressed, isOver, endedBy: caller!.phone.endedBy }).toEqual({
        pressed: true,
        isOver: true,
        endedBy: "detour",
      });
      expect(invitesTo(caller!)).toHaveLength(1);
    },
    A_MINUTE,
  );

  it(
    "keeps every caller in the queue while the messenger's API is dead",
    async () => {
      stage.whatsapp.faults.api.down = true;
      const waiting = callers(5);
      const allHeard = await until(() => waiting.every(hasHeardOfThePlace), 30_000);
      const kept = waiting.filter(({ phone }) => phone.inQueue);
      stage.whatsapp.faults.api.down = false;
      await until(isDrained, 30_000);

      expect({ pressed: waiting.filter(({ pressed }) => pressed).length, allHeard, kept: kept.length }).toEqual({
        pressed: 5,
        allHeard: true,
        kept: 5,
      });
      expect(waiting.every((caller) => caller.phone.endedAt === null && invitesTo(caller).length <= 1)).toBe(true);
      for (const { phone } of waiting) phone.hangUp();
    },
    A_MINUTE,
  );
});
