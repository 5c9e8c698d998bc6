import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { kinds, openHotline, words, type Hotline } from "./hotline.ts";

let line: Hotline;

beforeEach(async () => {
  line = await openHotline();
  await line.settle();
});
afterEach(async () => {
  expect(line.errors).toEqual([]);
  await line.close();
});

const is = (kind: string) => (event: { kind: string }) => event.kind === kind;

/** Time passes in steps in which the loops run; `asking` callers go on asking what to hear. */
async function pass(minutes: number, ...asking: string[]) {
  for (let step = 0; step < minutes * 3; step++) {
    line.pass(20);
    for (const call of asking) await line.wait(call);
    await line.settle();
  }
}

async function talking() {
  const olga = await line.hire("+79990000001");
  await line.dial("A");
  await line.wait("A");
  await line.operators.takeNext(olga);
  await line.handler.connecting("A", `leg-${line.telephone.rung[0]!.reference}`);
  return olga;
}

describe("a call nobody hears of any more", () => {
  it("is taken for over after three minutes, and those behind it move up", async () => {
    line.staff.working = 60;
    await line.dial("A");
    await line.wait("A");
    line.pass(1);
    await line.dial("B");
    await pass(2.5, "B");
    expect((await line.callOf("A")).status).toBe("waiting");
    await pass(1.5, "B");

    expect(await line.callOf("A")).toMatchObject({ status: "ended", endReason: "lost-contact" });
    expect((await line.events("A")).find(is("call.ended"))?.data).toMatchObject({
      endedBy: "unknown",
      reason: "lost-contact",
    });
    expect((await line.callOf("B")).status).toBe("waiting");
    expect((await line.events("B")).filter(is("call.waiting")).map(({ data }) => data["place"])).toEqual([
      2, 2, 2, 1, 1,
    ]);
  });

  it("is over although the goodbye was on its way", async () => {
    await line.dial("A");
    await line.handler.leftQueue("A", "queue-full");
    expect((await line.callOf("A")).status).toBe("leaving");
    await pass(4);

    expect(await line.callOf("A")).toMatchObject({ status: "ended", endReason: "lost-contact" });
  });

  it("tells the deflection that the caller is gone: the chat goes on, a callback is not owed", async () => {
    await line.crowd(10);
    await line.dial("A");
    await line.press("A", await line.wait("A"), "2");
    await line.tellInvite("A", { kind: "accepted" });
    await line.db.query("update deflection set due_at = null");
    await pass(4);

    expect(await line.deflection("A")).toMatchObject({ at: "gone" });
    expect(await line.callbacks()).toEqual([]);
  });

  it("is back at its first place when the caller asks again after all", async () => {
    await line.dial("A");
    await line.wait("A");
    const { enqueuedAt } = await line.callOf("A");
    line.pass(1);
    await line.dial("B");
    await pass(4, "B");
    const heard = await line.wait("A");

    expect(words(heard)).toContain("Вы следующий");
    expect(await line.callOf("A")).toMatchObject({ status: "waiting", endReason: null, enqueuedAt });
    expect((await line.events("A")).filter(is("call.returned"))).toMatchObject([{ data: { after: "lost-contact" } }]);
    await pass(1, "A", "B");
    expect((await line.events("A")).filter(is("call.returned"))).toHaveLength(1);
    expect((await line.events("B")).findLast(is("call.waiting"))?.data).toMatchObject({ place: 2 });
  });

  it("stays on the line when it returns to a callback that was owed meanwhile", async () => {
    await line.crowd(10);
    await line.dial("A");
    await line.press("A", await line.wait("A"), "1");
    await line.db.query("update deflection set due_at = null");
    await pass(4);
    await line.tellInvite("A", { kind: "status", status: "failed", code: "131026", because: "not-here" });
    expect(await line.deflection("A")).toMatchObject({ at: "owed", because: "gone-without-invite" });

    expect(kinds(await line.wait("A"))).not.toContain("hang-up");
    expect((await line.callOf("A")).status).toBe("waiting");
  });

  it("is talking when an operator is joined with it after all", async () => {
    const olga = await line.hire("+79990000001");
    await line.dial("A");
    await line.wait("A");
    await line.operators.takeNext(olga);
    await pass(4);
    await line.handler.connecting("A", `leg-${line.telephone.rung[0]!.reference}`);

    expect(await line.callOf("A")).toMatchObject({ status: "talking", operatorId: olga.id, endReason: null });
  });

  it("is kept while it was us who could not hear", async () => {
    await line.dial("A");
    await line.wait("A");
    line.pass(600);
    await line.settle();
    await pass(2);
    expect((await line.callOf("A")).status).toBe("waiting");
    await pass(2);

    expect((await line.callOf("A")).status).toBe("ended");
  });
});

describe("a conversation nobody hears of any more", () => {
  it("is taken for over after four hours, and its operator may take the next call", async () => {
    const olga = await talking();
    line.pass(3 * 3600);
    await pass(4);
    expect((await line.callOf("A")).status).toBe("talking");
    line.pass(3600);
    await pass(4);
    await line.dial("B");

    expect(await line.callOf("A")).toMatchObject({ status: "ended", endReason: "lost-contact" });
    expect(await line.operators.takeNext(olga)).toEqual({ kind: "ringing" });
  });
});
