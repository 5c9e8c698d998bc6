import { describe, expect, it } from "vitest";
import { createRandom } from "../../sim/kit/random.ts";
import { startLoad } from "./load.ts";
import { openStage, type Processes } from "./stage.ts";
import { storm } from "./storm.ts";
import { verdict } from "./verdict.ts";

const A_MINUTE = 60_000;

/** Customers write through a balancer to whoever is ready; every webhook comes twice and out of order. */
describe("two processes on one database under load", () => {
  it.each<[Processes, number, string]>([
    ["two", 11, "of which each does everything"],
    ["web-and-worker", 12, "of which one answers and the other works"],
  ])(
    "(%s) lose nothing, keep every order and answer nothing twice while one of them after the other is killed",
    async (processes, seed) => {
      const stage = await openStage({}, { processes, seed });
      try {
        const load = await startLoad(stage, { customers: 30, phones: 6, seed });
        await storm(stage, { kills: 12, random: createRandom(seed), outageEvery: 6 });
        const count = await load.finish(A_MINUTE);

        // How long a start takes is measured where everybody waits for it: crash.test.ts, with one process.
        expect(verdict(count, [], stage.program), stage.program.lastWords()).toEqual([]);
        expect(count.answered).toBeGreaterThan(100);
      } finally {
        await stage.close();
      }
    },
    4 * A_MINUTE,
  );
});
