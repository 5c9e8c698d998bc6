import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CallbackRow } from "../../src/outbound/store.ts";
import { openHotline, words, type Hotline } from "../ivr/hotline.ts";

let line: Hotline;
let leg: string;

beforeEach(async () => {
  line = await openHotline();
});
afterEach(async () => {
  await line.close();
});

const CUSTOMER = "+79161234567";

/** A callback that is owed, an operator on the line for it who has heard everything. */
async function operatorIsReady() {
  await line.dial("A", CUSTOMER);
  await line.handler.leftQueue("A", "queue-full");
  await line.handler.statusChanged("A", "completed", 3);
  const olga = await line.hire("client:olga");
  await line.operators.takeNext(olga);
  leg = line.telephone.rung.at(-1)!.reference;
  const heard = await line.handler.operatorAnswered(leg);
  await line.handler.meetingWaits(leg);
  return heard;
}

const row = async () =>
  (await line.db.query<CallbackRow & { status: string }>("select status, state from callback"))[0]!;
const reference = async (dial: number) => {
  const [{ id }] = (await line.db.query<{ id: string }>("select id from callback")) as [{ id: string }];
  return `${id}.${dial}`;
};

describe("dialling a customer", () => {
  it("tells the operator who it is, and shows the customer the number that was called", async () => {
    const heard = await operatorIsReady();
    await line.settle();

    expect(words(heard)).toMatch(/номер заканчивается на 4 5 6 7.*звонил, когда все линии были заняты/);
    expect(line.telephone.dialled).toEqual([
      {
        to: CUSTOMER,
        from: "+74951000001",
        reference: await reference(1),
        meeting: expect.stringMatching(/^[0-9a-f-]{36}$/),
        ringSeconds: 30,
      },
    ]);
  });

  it("is looked up by whoever comes next when the process died while asking", async () => {
    let asked = 0;
    line.telephone.dial = async () => {
      asked += 1;
      throw new Error("the process died");
    };
    await operatorIsReady();
    await line.settle();
    expect(await row()).toMatchObject({ state: { phone: { is: "sending" } } });
    line.telephone.found = { kind: "alive", providerCall: "dial-1" };
    line.pass(16);
    await line.settle();
    await line.settle();

    expect(asked).toBe(1);
    expect(await row()).toMatchObject({ status: "dialling", state: { phone: { is: "ringing", call: "dial-1" } } });
  });

  it("is asked for once more when nobody took the work up, and two runs of it dial once", async () => {
    await operatorIsReady();
    line.pass(11);
    await line.settle();
    await line.settle();

    expect(line.telephone.dialled).toHaveLength(1);
  });

  it("hears of an unclear dial by its status, whatever the look-up says", async () => {
    line.telephone.dialAnswer = { kind: "unclear" };
    await operatorIsReady();
    await line.settle();
    expect(await row()).toMatchObject({ state: { phone: { is: "unclear" } } });
    await line.handler.calleeAlive(await reference(1), "dial-1");
    line.pass(3);
    await line.settle();

    expect(await row()).toMatchObject({ state: { phone: { is: "ringing", call: "dial-1" }, doubt: null } });
  });

  it("joins a customer whose picking up nobody could be asked about", async () => {
    await operatorIsReady();
    await line.settle();
    await line.handler.meetingJoined(await reference(1));

    expect(await row()).toMatchObject({ status: "talking" });
  });

  it("apologises to a customer who picks up when the operator is gone", async () => {
    await operatorIsReady();
    await line.settle();
    await line.handler.operatorLegEnded(leg, "completed");
    const heard = await line.handler.calleeAnswered(await reference(1), "dial-1");
    await line.settle();

    expect(words(heard)).toContain("оператор отключился");
    expect(heard.at(-1)).toEqual({ do: "hang-up" });
    expect(line.telephone.hungUp).toEqual(["dial-1"]);
  });

  it("knows nothing of legs that are not its own", async () => {
    for (const stranger of ["leg-7", "00000000-0000-7000-8000-000000000000.1", "x.y"]) {
      expect(await line.handler.calleeAnswered(stranger, "dial-9")).toEqual([{ do: "hang-up" }]);
      expect(await line.handler.meetingWaits(stranger)).toEqual([{ do: "hang-up" }]);
      expect(await line.handler.meetingLeft(stranger, true)).toEqual([{ do: "hang-up" }]);
      expect(await line.handler.meetingJoined(stranger)).toEqual([]);
      await line.handler.calleeGone(stranger, "completed");
    }
  });
});
