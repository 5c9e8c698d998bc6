import { seedQueues } from "#ivr";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { askIn, kinds, openHotline, words, type Hotline } from "./hotline.ts";

let line: Hotline;

beforeEach(async () => {
  line = await openHotline();
});
afterEach(async () => {
  expect(line.errors).toEqual([]);
  await line.close();
});

const delivered = { kind: "status" as const, status: "delivered" as const, code: null, because: null };
const failed = { kind: "status" as const, status: "failed" as const, code: "131026", because: "not-here" as const };
const is = (kind: string) => (event: { kind: string }) => event.kind === kind;

/** A caller behind a crowd who pressed 1. */
async function pressedOne(call = "A") {
  await line.crowd(10);
  await line.dial(call);
  const offer = await line.wait(call);
  line.pass(6);
  return line.press(call, offer, "1");
}

describe("a caller who waits", () => {
  it("has a place from the first second and hears it with the expected wait", async () => {
    await line.crowd(10);
    const first = await line.dial("A");
    const heard = await line.wait("A");

    expect(first).toEqual([{ do: "enqueue", queue: "hotline-ru" }]);
    expect(words(heard)).toContain("Вы 11-й в очереди");
    expect(words(heard)).toMatch(/Ожидание — \d–\d минут/);
    expect((await line.events("A")).find(is("call.waiting"))?.data).toMatchObject({ place: 11, size: 11 });
  });

  it("is greeted in the name of the brand or of the queue, in the language of the number", async () => {
    await seedQueues(line.db, [{ number: "+442079460142", locale: "en" }]);
    await line.db.query(`update queue set name = '{"en": "Kubik & Co"}' where code = 'hotline-en'`);
    await line.dial("A");
    await line.dial("B", "+447700900123", "+442079460142");

    expect(words(await line.wait("A"))).toMatch(
      /^Здравствуйте! Вы позвонили в Колибри\. Сейчас все операторы заняты\. Вы следующий/,
    );
    expect(words(await line.wait("B"))).toMatch(
      /^Thank you for calling Kubik & Co\. All operators are busy right now\. You are next/,
    );
  });

  it("is greeted without a name when the queue is to have none", async () => {
    await line.db.query(`update queue set name = '{"ru": ""}'`);
    await line.dial("A");

    expect(words(await line.wait("A"))).toMatch(/^Здравствуйте! Сейчас все операторы заняты\./);
  });

  it("is offered nothing below the threshold, and the decision is stored with its inputs", async () => {
    line.staff.working = 60;
    await line.dial("A");
    const heard = await line.wait("A");

    expect(kinds(heard)).toEqual(["say", "say", "play", "keep-waiting"]);
    expect((await line.events("A")).find(is("offer.decided"))?.data).toMatchObject({
      offer: false,
      reason: "short-wait",
      eligible: false,
      waitSeconds: 3,
    });
  });

  it("hears music between announcements and the place again after a minute", async () => {
    line.staff.working = 60;
    await line.dial("A");
    await line.wait("A");
    line.pass(15);
    const music = await line.wait("A");
    line.pass(46);
    const again = await line.wait("A");

    expect(kinds(music)).toEqual(["play", "keep-waiting"]);
    expect(words(again)).toContain("Вы следующий");
    expect(words(again)).not.toContain("Здравствуйте");
  });

  it("is offered a messenger when the wait grows later", async () => {
    line.staff.working = 60;
    await line.dial("A");
    await line.wait("A");
    line.staff.working = 1;
    line.pass(61);

    expect(kinds(await line.wait("A"))).toContain("ask");
  });

  it("is counted as abandoned after hanging up, once, whatever is told twice", async () => {
    await line.dial("A");
    await line.wait("A");
    await line.handler.leftQueue("A", "hung-up");
    await line.handler.statusChanged("A", "completed", 3);
    await line.handler.statusChanged("A", "in-progress", 2);

    expect(await line.callOf("A")).toMatchObject({ status: "ended", endReason: "abandoned" });
    expect((await line.events("A")).filter(is("call.ended"))).toHaveLength(1);
  });

  it("is the same call when the provider asks twice", async () => {
    await line.dial("A");
    await line.dial("A");

    expect((await line.events("A")).filter(is("call.arrived"))).toHaveLength(1);
  });

  it("is adopted at the place held since the wait began when the database was away at the arrival", async () => {
    await line.handler.waiting("Z", { providerQueue: "QU1", position: 1, size: 1, waitedSeconds: 30 });

    expect((await line.callOf("Z")).enqueuedAt).toBe(line.clock.now() - 30_000);
  });
});

describe("a caller who presses 1", () => {
  it("hears that the message is on its way, then the farewell after the receipt, and only then the call ends", async () => {
    const sending = await pressedOne();
    expect(kinds(sending)).toEqual(["say", "pause", "keep-waiting"]);
    expect(line.chat.invites).toMatchObject([{ phone: "+79161234567", place: 11, locale: "ru", queue: "hotline-ru" }]);

    expect(kinds(await line.wait("A"))).toEqual(["pause", "keep-waiting"]);
    await line.tellInvite("A", { kind: "accepted" });
    await line.tellInvite("A", delivered);
    await line.settle();
    expect(line.telephone.pulled).toEqual([{ providerQueue: "QU1", providerCall: "A" }]);

    const goodbye = await line.handler.pulledOut("A");
    expect(kinds(goodbye)).toEqual(["say", "hang-up"]);
    await line.handler.statusChanged("A", "completed", 5);
    expect(await line.callOf("A")).toMatchObject({ status: "ended", endReason: "moved" });
    const told = (await line.events("A")).map(({ kind }) => kind).filter((kind) => kind !== "call.waiting");
    expect(told).toEqual([
      "call.arrived",
      "offer.decided",
      "offer.made",
      "offer.answered",
      "deflection.accepted",
      "deflection.checking",
      "reach.known",
      "invite.sending",
      "invite.accepted",
      "invite.delivered",
      "deflection.leaving",
      "deflection.committed",
      "call.ended",
    ]);
  });

  it("hears the farewell in the next wait document when the pull-out got lost", async () => {
    await pressedOne();
    await line.tellInvite("A", delivered);

    expect(kinds(await line.wait("A"))).toEqual(["say", "hang-up"]);
    expect(await line.deflection("A")).toEqual({ at: "committed", receipt: "delivered" });
  });

  it("hears the farewell again when its document was lost on the way", async () => {
    await pressedOne();
    await line.tellInvite("A", delivered);
    await line.wait("A");

    expect(kinds(await line.wait("A"))).toEqual(["say", "hang-up"]);
    expect(kinds(await line.handler.pulledOut("A"))).toEqual(["say", "hang-up"]);
    expect((await line.events("A")).filter(is("deflection.committed"))).toHaveLength(1);
  });

  it("sends one message when the press is delivered three times, and hears the same each time", async () => {
    await line.crowd(10);
    await line.dial("A");
    const offer = await line.wait("A");
    const heard = await Promise.all([1, 2, 3].map(() => line.press("A", offer, "1")));

    expect(heard[1]).toEqual(heard[0]);
    expect(heard[2]).toEqual(heard[0]);
    expect(line.chat.invites).toHaveLength(1);
  });

  it("is heard although the provider asked for the wait document twice and again late", async () => {
    await line.crowd(10);
    await line.dial("A");
    const ask = () => line.handler.waiting("A", { providerQueue: "QU1", position: 11, size: 11, waitedSeconds: 0 });
    const [offer, same] = [await ask(), await ask()];
    const other = await line.wait("A");
    expect(same).toEqual(offer);
    expect(askIn(other).turn).toBe(askIn(offer).turn);
    await line.press("A", offer, "1");

    expect(line.chat.invites).toHaveLength(1);
  });

  it("may choose the callback although another wait document was asked for meanwhile", async () => {
    await pressedOne();
    line.pass(8);
    const choice = await line.wait("A");
    await line.wait("A");
    await line.press("A", choice, "2");

    expect(await line.deflection("A")).toEqual({ at: "owed", because: "chosen" });
  });

  it("leaves a proof of consent", async () => {
    await pressedOne();

    const [consent] = await line.db.query<{ wording: string; proof: { by: string; callId: string } }>(
      "select wording, proof from consent",
    );
    expect(consent).toMatchObject({ wording: "offer-ru-1", proof: { by: "1", callId: (await line.callOf("A")).id } });
  });

  it("keeps the place and is told so when the number is not on the messenger", async () => {
    await pressedOne();
    await line.tellInvite("A", failed);
    const heard = await line.wait("A");

    expect(words(heard)).toContain("нет в WhatsApp");
    expect(kinds(heard).at(-1)).toBe("keep-waiting");
    expect((await line.callOf("A")).status).toBe("waiting");
    expect(await line.deflection("A")).toMatchObject({ at: "kept", because: "not-here" });
  });

  it("is not sent to a number that was not there an hour ago", async () => {
    await pressedOne();
    await line.tellInvite("A", failed);
    await line.handler.statusChanged("A", "completed", 9);
    line.pass(3600);
    await line.dial("B");
    const offer = await line.wait("B");

    expect(words(await line.press("B", offer, "1"))).toContain("нет в WhatsApp");
    expect(line.chat.invites).toHaveLength(1);
  });

  it("hears a choice when the patience ran out, and stays by saying nothing", async () => {
    await pressedOne();
    line.pass(8);
    const choice = await line.wait("A");
    const stays = await line.press("A", choice, "");

    expect(words(choice)).toContain("нажмите 2");
    expect(kinds(stays).at(-1)).toBe("keep-waiting");
    expect((await line.callOf("A")).status).toBe("waiting");
    await line.tellInvite("A", delivered);
    expect(kinds(await line.wait("A"))).not.toContain("hang-up");
  });

  it("is promised a callback at the first place when that is chosen", async () => {
    await pressedOne();
    line.pass(8);
    await line.settle();
    const choice = await line.wait("A");
    const promise = await line.press("A", choice, "2");

    expect(kinds(promise)).toEqual(["say", "hang-up"]);
    expect(await line.callbacks()).toMatchObject([
      { reason: "chosen", phone: "+79161234567", enqueuedAt: (await line.callOf("A")).enqueuedAt },
    ]);
    await line.settle();
    expect(line.chat.notices).toMatchObject([{ notice: "callback-promised" }]);
  });

  it("gets the chat although the caller hung up meanwhile, and no callback", async () => {
    await pressedOne();
    await line.handler.leftQueue("A", "hung-up");
    await line.tellInvite("A", delivered);

    expect(await line.deflection("A")).toEqual({ at: "gone", seen: "delivered" });
    expect(await line.callOf("A")).toMatchObject({ endReason: "gone-to-chat" });
    expect(await line.callbacks()).toEqual([]);
  });

  it("stays in the queue when the messenger is off", async () => {
    line.chat.available = false;
    const heard = await pressedOne();

    expect(words(heard)).toContain("не получается");
    expect(kinds(heard).at(-1)).toBe("keep-waiting");
  });

  it("returns to the lane of returned callers when a pull-out meets a message that failed", async () => {
    await line.close();
    line = await openHotline({ env: { COMMIT_LEVEL: "sent" } });
    await pressedOne();
    await line.tellInvite("A", { kind: "status", status: "sent", code: null, because: null });
    await line.tellInvite("A", failed);
    const heard = await line.handler.pulledOut("A");

    expect(heard.at(-1)).toEqual({ do: "enqueue", queue: "hotline-ru-returned" });
    expect((await line.events("A")).map(({ kind }) => kind)).toContain("call.returned");
    expect((await line.callOf("A")).status).toBe("waiting");
    expect(await line.handler.leftQueue("A", "pulled-out")).toEqual([]);
  });

  it("is owed a callback at the first place when a sent message fails after the farewell", async () => {
    await line.close();
    line = await openHotline({ env: { COMMIT_LEVEL: "sent" } });
    await pressedOne();
    await line.tellInvite("A", { kind: "status", status: "sent", code: null, because: null });
    await line.handler.pulledOut("A");
    await line.handler.statusChanged("A", "completed", 5);
    await line.tellInvite("A", failed);

    expect(await line.callbacks()).toMatchObject([
      { reason: "failed-after-commit", enqueuedAt: (await line.callOf("A")).enqueuedAt },
    ]);
    expect((await line.events("A")).find(is("deflection.owed"))?.data).toMatchObject({ wrongHangUp: true });
  });
});

describe("other answers", () => {
  it("keep the place: both writes as well and never leaves", async () => {
    await line.crowd(10);
    await line.dial("A");
    await line.press("A", await line.wait("A"), "2");
    await line.tellInvite("A", delivered);
    await line.settle();

    expect(line.telephone.pulled).toEqual([]);
    expect(words(await line.wait("A"))).toContain("остаётесь в очереди");
    expect(line.chat.notices).toMatchObject([{ notice: "place-kept" }]);
  });

  it("a refused caller is not asked again in this call nor in the next for days", async () => {
    await line.crowd(10);
    await line.dial("A");
    await line.press("A", await line.wait("A"), "5");
    line.pass(61);
    expect(kinds(await line.wait("A"))).not.toContain("ask");

    line.pass(86_400);
    await line.dial("B");
    expect(kinds(await line.wait("B"))).not.toContain("ask");
    expect((await line.events("B")).find(is("offer.decided"))?.data).toMatchObject({ reason: "refused-lately" });
  });

  it("a silent caller is asked again in the same call after the pause", async () => {
    await line.crowd(10);
    await line.dial("A");
    await line.press("A", await line.wait("A"), "");
    line.pass(61);
    expect(kinds(await line.wait("A"))).not.toContain("ask");
    line.pass(300);

    const again = await line.wait("A");
    expect(kinds(again)).toContain("ask");
    expect(kinds(await line.press("A", again, "1"))).toEqual(["say", "pause", "keep-waiting"]);
  });

  it("words are understood like keys", async () => {
    await line.crowd(10);
    await line.dial("A");
    const offer = await line.wait("A");
    await line.answer("A", { turn: askIn(offer).turn, digits: "", speech: "Да, давайте в вотсап!" });

    expect(line.chat.invites).toHaveLength(1);
  });

  it("an answer to a question nobody asked does nothing", async () => {
    await line.crowd(10);
    await line.dial("A");
    await line.wait("A");

    expect(await line.answer("A", { turn: "made-up", digits: "1", speech: "" })).toEqual([{ do: "keep-waiting" }]);
    expect(line.chat.invites).toEqual([]);
  });
});

describe("a caller whose number is hidden", () => {
  it("keys in a mobile number, hears it digit by digit, and is written to only after confirming it", async () => {
    await line.crowd(10);
    await line.dial("A", "anonymous");
    const number = await line.press("A", await line.wait("A"), "1");
    const confirm = await line.press("A", number, "89031112233");

    expect(words(confirm)).toContain("7, 9, 0, 3, 1, 1, 1, 2, 2, 3, 3");
    expect(line.chat.invites).toEqual([]);
    await line.press("A", confirm, "1");
    expect(line.chat.invites).toMatchObject([{ phone: "+79031112233" }]);
  });

  it("stays in the queue after two numbers that are none", async () => {
    await line.crowd(10);
    await line.dial("A", "+74951234567");
    const number = await line.press("A", await line.wait("A"), "1");
    const again = await line.press("A", number, "84951234567");
    const stays = await line.press("A", again, "12");

    expect(words(again)).toContain("ещё раз");
    expect(words(stays)).toContain("остаётесь в очереди");
    expect(line.chat.invites).toEqual([]);
  });

  it("cannot have messages sent to one number again and again", async () => {
    await line.crowd(10);
    for (const call of ["A", "B"]) {
      await line.dial(call, "anonymous");
      const number = await line.press(call, await line.wait(call), "1");
      const confirm = await line.press(call, number, "89031112233");
      await line.press(call, confirm, "1");
    }

    expect(line.chat.invites).toHaveLength(1);
    expect(await line.deflection("B")).toMatchObject({ at: "kept", because: "no-number" });
  });
});

describe("an operator", () => {
  it("takes the caller who came first, and voice wins over a message on its way", async () => {
    const olga = await line.hire("+79990000001");
    await line.dial("A");
    await line.wait("A");
    line.staff.working = 1;
    await line.crowd(3);
    line.pass(61);
    await line.press("A", await line.wait("A"), "1");

    expect(await line.operators.takeNext(olga)).toEqual({ kind: "ringing" });
    expect(await line.operators.takeNext(olga)).toEqual({ kind: "busy" });
    const { reference } = line.telephone.rung[0]!;
    expect(await line.handler.operatorAnswered(reference)).toEqual([
      { do: "take-from-queue", queue: "hotline-ru", timeoutSeconds: 20 },
    ]);
    await line.handler.connecting("A", `leg-${reference}`);
    await line.tellInvite("A", delivered);
    await line.settle();

    expect(await line.callOf("A")).toMatchObject({ status: "talking", operatorId: olga.id });
    expect(await line.deflection("A")).toMatchObject({ at: "kept", because: "answered" });
    expect(line.telephone.pulled).toEqual([]);
    expect(line.chat.notices).toMatchObject([{ notice: "talking-to-operator" }]);
  });

  it("is free again when the caller hangs up, and the call counts as answered", async () => {
    const olga = await line.hire("+79990000001");
    await line.dial("A");
    await line.wait("A");
    await line.operators.takeNext(olga);
    await line.handler.connecting("A", `leg-${line.telephone.rung[0]!.reference}`);
    await line.handler.leftQueue("A", "bridged");
    await line.handler.statusChanged("A", "completed", 7);
    await line.dial("B");

    expect(await line.callOf("A")).toMatchObject({ status: "ended", endReason: "answered" });
    expect(await line.operators.takeNext(olga)).toEqual({ kind: "ringing" });
  });

  it("has talked to the caller although the news of the connection got lost", async () => {
    await line.dial("A");
    await line.wait("A");
    await line.handler.leftQueue("A", "bridged");
    await line.handler.statusChanged("A", "completed", 4);

    expect(await line.callOf("A")).toMatchObject({ status: "ended", endReason: "answered" });
  });

  it("gives the first place back when the provider could not join the two", async () => {
    await line.dial("A");
    await line.wait("A");
    await line.handler.connecting("A", "unknown-line");
    const heard = await line.handler.leftQueue("A", "error");

    expect(heard.at(-1)).toEqual({ do: "enqueue", queue: "hotline-ru" });
    expect((await line.callOf("A")).status).toBe("waiting");
  });

  it("serves returned callers at their first place", async () => {
    const olga = await line.hire("+79990000001");
    await line.dial("A");
    line.pass(5);
    await line.dial("B");
    await line.wait("A");
    await line.handler.pulledOut("A");
    await line.operators.takeNext(olga);

    expect(await line.handler.operatorAnswered(line.telephone.rung[0]!.reference)).toMatchObject([
      { queue: "hotline-ru-returned" },
    ]);
  });

  it("needs a phone, to be online, and somebody who waits", async () => {
    const olga = await line.hire("+79990000001");

    expect(await line.operators.takeNext({ ...olga, phone: null })).toEqual({ kind: "no-phone" });
    expect(await line.operators.takeNext(olga)).toEqual({ kind: "nobody-waiting" });
    await line.db.query("update presence set status = 'away'");
    expect(await line.operators.takeNext(olga)).toEqual({ kind: "not-online" });
  });
});

describe("a queue that is full", () => {
  it("keeps a place as a callback", async () => {
    await line.dial("A");
    const heard = await line.handler.leftQueue("A", "queue-full");

    expect(kinds(heard)).toEqual(["say", "hang-up"]);
    expect(await line.callbacks()).toMatchObject([{ reason: "queue-full", phone: "+79161234567" }]);
  });

  it("lets a caller without a number try again", async () => {
    await line.dial("A", "anonymous");

    expect(kinds(await line.handler.leftQueue("A", "queue-full"))).toEqual(["say", "pause", "enqueue"]);
  });
});
