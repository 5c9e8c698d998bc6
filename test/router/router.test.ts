import { afterEach, describe, expect, it } from "vitest";
import type { ReachProbe } from "#chat";
import { newId, type ContactId, type ConversationId } from "#kit";
import { kinds, openHotline, words, type Hotline } from "../ivr/hotline.ts";

let line: Hotline;

afterEach(async () => {
  await line.close();
});

const is = (kind: string) => (event: { kind: string }) => event.kind === kind;

async function pressedOne(call = "A", from?: string) {
  await line.dial(call, from);
  const offer = await line.wait(call);
  return line.press(call, offer, "1");
}

describe("the reach ladder", () => {
  const answers = (reach: "reachable" | "not-here" | "unknown"): ReachProbe => ({
    answersFor: () => true,
    find: async () => reach,
  });

  it("asks the probe in the background while the caller hears that the message is on its way", async () => {
    line = await openHotline({ probe: answers("reachable") });
    await line.crowd(10);
    const heard = await pressedOne();
    expect(kinds(heard)).toEqual(["say", "pause", "keep-waiting"]);
    expect(line.chat.invites).toEqual([]);
    await line.settle();

    expect(line.chat.invites).toHaveLength(1);
    expect((await line.events("A")).find(is("reach.known"))?.data).toMatchObject({
      reach: "reachable",
      source: "probe",
    });
  });

  it("keeps the caller when the probe knows better, and remembers it", async () => {
    line = await openHotline({ probe: answers("not-here") });
    await line.crowd(10);
    await pressedOne();
    await line.settle();

    expect(line.chat.invites).toEqual([]);
    expect(words(await line.wait("A"))).toContain("нет в WhatsApp");
    expect(await line.db.query("select verdict, source from reach")).toEqual([
      { verdict: "not-here", source: "probe" },
    ]);
  });

  it("sends anyway when the probe is overdue, though its job was lost", async () => {
    line = await openHotline({ probe: answers("reachable") });
    await line.crowd(10);
    await pressedOne();
    line.pass(2);
    await line.router.pumps[0]!.work();

    expect(line.chat.invites).toHaveLength(1);
  });

  it("does not ask when a receipt told before", async () => {
    let asked = 0;
    line = await openHotline({
      probe: {
        answersFor: () => true,
        find: async () => {
          asked++;
          return "unknown";
        },
      },
    });
    await line.db.query(
      "insert into reach (tenant, phone, channel, verdict, source, at) values ('main', '+79161234567', 'whatsapp-cloud', 'reachable', 'receipt', $1)",
      [new Date(line.clock.now())],
    );
    await line.crowd(10);
    await pressedOne();
    await line.settle();

    expect(asked).toBe(0);
    expect((await line.events("A")).find(is("reach.known"))?.data).toMatchObject({ source: "remembered-receipt" });
  });
});

describe("after a crash", () => {
  it("the patience runs out by itself", async () => {
    line = await openHotline();
    await line.crowd(10);
    await pressedOne();
    expect(await line.router.pumps[0]!.nextDueAt()).toBe(line.clock.now() + 8000);
    line.pass(8);
    await line.settle();

    expect(await line.deflection("A")).toMatchObject({ at: "kept", because: "too-slow" });
  });

  it("a pull-out that is done twice, or comes too late, changes nothing", async () => {
    line = await openHotline();
    line.telephone.answer = "gone";
    await line.crowd(10);
    await pressedOne();
    await line.tellInvite("A", { kind: "status", status: "delivered", code: null, because: null });
    await line.settle();

    expect(await line.deflection("A")).toEqual({ at: "leaving", receipt: "delivered" });
    expect((await line.events("A")).find(is("pull-out.failed"))?.data).toEqual({ how: "gone" });
    expect((await line.callOf("A")).status).toBe("waiting");
  });
});

describe("limits", () => {
  it("a trunk where too many press 1 is offered nothing for a minute", async () => {
    line = await openHotline({ env: { OFFER_BURST_PER_MINUTE: "2" } });
    await line.crowd(10);
    await pressedOne("A", "+79161110001");
    await pressedOne("B", "+79161110002");
    await line.dial("C", "+79161110003");

    expect(kinds(await line.wait("C"))).not.toContain("ask");
    expect((await line.events("C")).find(is("offer.decided"))?.data).toMatchObject({ reason: "burst" });
    line.pass(61);
    await line.dial("D", "+79161110004");
    expect(kinds(await line.wait("D"))).toContain("ask");
  });

  it("the held-out share is eligible and never offered", async () => {
    line = await openHotline({ env: { OFFER_HOLD_OUT_PERCENT: "50" } });
    await line.crowd(10);
    const decisions = [];
    for (let i = 0; i < 12; i++) {
      await line.dial(`H${i}`, `+7916222${1000 + i}`);
      const asked = kinds(await line.wait(`H${i}`)).includes("ask");
      const { data } = (await line.events(`H${i}`)).find(is("offer.decided"))!;
      expect(data).toMatchObject({ eligible: true, heldOut: !asked });
      decisions.push(asked);
    }

    expect(new Set(decisions)).toEqual(new Set([true, false]));
  });

  it("the switch of a queue is obeyed at once", async () => {
    line = await openHotline();
    await line.crowd(10);
    await line.db.query(`update queue set rules = '{"offers":"off"}'`);
    await line.dial("A");
    expect(kinds(await line.wait("A"))).not.toContain("ask");

    await line.db.query(`update queue set rules = '{"offers":"on"}'`);
    line.staff.working = 100;
    await line.dial("B", "+79163330001");
    expect(kinds(await line.wait("B"))).toContain("ask");
  });
});

describe("the queue's band around the threshold", () => {
  it("does not flap while the wait of new callers swings around it", async () => {
    line = await openHotline();
    const waits = [31, 28, 32, 27, 33, 29];
    const offered = [];
    for (const [i, wait] of waits.entries()) {
      const id = `S${i}`;
      await line.dial(id, `+7916444${1000 + i}`);
      line.staff.working = 180 / wait;
      offered.push(kinds(await line.wait(id)).includes("ask"));
      await line.handler.leftQueue(id, "hung-up");
      await line.handler.statusChanged(id, "completed", 1);
    }

    expect(offered).toEqual([true, true, true, true, true, true]);
    line.staff.working = 180 / 20;
    await line.dial("calm", "+79164449999");
    expect(kinds(await line.wait("calm"))).not.toContain("ask");
  });
});

describe("the peak sampler", () => {
  it("turns the mode on after a while of long waits and tells so in the log", async () => {
    line = await openHotline({ env: { DEFAULT_QUEUE: "hotline-ru" } });
    await line.crowd(20);
    await line.db.query(`update queue set rules = '{"when":"only-at-peak"}'`);
    await line.dial("A");
    expect(kinds(await line.wait("A"))).not.toContain("ask");
    for (let i = 0; i < 40; i++) {
      line.pass(5);
      await line.router.pumps[1]!.work();
    }

    expect(await line.db.query("select kind from event where kind like 'peak.%'")).toEqual([{ kind: "peak.began" }]);
    await line.dial("B", "+79165550001");
    expect(kinds(await line.wait("B"))).toContain("ask");
  });

  it("has nothing to do in a quiet hotline", async () => {
    line = await openHotline();

    expect(await line.router.pumps[1]!.work()).toBe(0);
  });
});

describe("call me", () => {
  const callMe = (callId: string | null, contactId: ContactId) =>
    line.db.tx((tx) =>
      line.router.hooks.callMe(tx, {
        conversationId: newId<ConversationId>(),
        contactId,
        callId: callId as never,
        at: line.clock.now(),
      }),
    );

  it("takes back the place of the call the chat came from, once", async () => {
    line = await openHotline();
    await line.crowd(3);
    await pressedOne();
    await line.tellInvite("A", { kind: "status", status: "delivered", code: null, because: null });
    await line.handler.pulledOut("A");
    await line.handler.statusChanged("A", "completed", 5);
    const { id, enqueuedAt } = await line.callOf("A");
    line.pass(600);
    const contactId = newId<ContactId>();

    const when = { kind: "within", fromMinutes: 1, toMinutes: 5 };
    expect(await callMe(id, contactId)).toEqual(when);
    expect(await callMe(id, contactId)).toEqual(when);
    expect(await line.callbacks()).toEqual([{ reason: "asked-in-chat", phone: "+79161234567", enqueuedAt }]);
    expect((await line.events("A")).filter(is("callback.asked"))).toHaveLength(1);
  });

  it("says so when there is no number to call", async () => {
    line = await openHotline();

    expect(await callMe(null, newId<ContactId>())).toBe("no-phone");
  });

  it("counts as a place before those who came later", async () => {
    line = await openHotline();
    await line.crowd(3);
    await pressedOne();
    await line.tellInvite("A", { kind: "status", status: "delivered", code: null, because: null });
    await line.handler.pulledOut("A");
    await line.handler.statusChanged("A", "completed", 5);
    await callMe((await line.callOf("A")).id, newId<ContactId>());
    line.pass(1);
    await line.dial("B", "+79165550001");

    expect(words(await line.wait("B"))).toContain("Вы 5-й");
  });
});

describe("the expected wait", () => {
  it("learns from the talks of the last hour", async () => {
    line = await openHotline();
    line.staff.working = 1;
    const before = await line.router.outlook(line.db, "hotline-ru");
    for (let i = 0; i < 20; i++) {
      await line.dial(`T${i}`, `+7916666${1000 + i}`);
      await line.handler.connecting(`T${i}`, "unknown-line");
      line.pass(60);
      await line.handler.statusChanged(`T${i}`, "completed", 3);
    }
    line.pass(6);
    const after = await line.router.outlook(line.db, "hotline-ru");

    expect(before.estimate.seconds).toBeCloseTo(180);
    expect(after.estimate.seconds!).toBeLessThan(90);
  });
});

describe("every event told twice, at once", () => {
  it("leaves the same state as told once", async () => {
    line = await openHotline();
    await line.crowd(10);
    await line.dial("A");
    const offer = await line.wait("A");
    const delivered = { kind: "status" as const, status: "delivered" as const, code: null, because: null };
    await Promise.all([line.press("A", offer, "1"), line.press("A", offer, "1")]);
    await Promise.all([
      line.tellInvite("A", delivered),
      line.tellInvite("A", delivered),
      line.wait("A"),
      line.wait("A"),
    ]);
    await Promise.all([line.handler.pulledOut("A"), line.handler.pulledOut("A"), line.wait("A")]);
    await Promise.all([
      line.handler.statusChanged("A", "completed", 4),
      line.handler.leftQueue("A", "pulled-out"),
      line.handler.statusChanged("A", "completed", 4),
    ]);

    const told = (await line.events("A")).map(({ kind }) => kind);
    for (const kind of ["deflection.accepted", "invite.sending", "deflection.committed", "call.ended"])
      expect(told.filter((one) => one === kind)).toHaveLength(1);
    expect(line.chat.invites).toHaveLength(1);
    expect(await line.callOf("A")).toMatchObject({ status: "ended", endReason: "moved" });
  });
});
