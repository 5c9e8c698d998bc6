import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { callbackSteps, choosesCallback, isAt, legTo, talks, theCallback, timesRung } from "../support/callbacks.ts";
import { kindsOf, MOBILE, operator, sentences } from "../support/people.ts";
import { createWorld, type World } from "../support/world.ts";

type Operator = Awaited<ReturnType<typeof operator>>;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const lastStep = async (world: World, kind: string) =>
  (await callbackSteps(world)).findLast((step) => step.kind === kind)?.data;

describe("a customer who chose to be called back", () => {
  let world: World;
  let olga: Operator;
  beforeEach(async () => {
    world = await createWorld({ CHAT_SHOP_NAME: "Kubik & Co" });
    olga = await operator(world);
  });
  afterEach(() => world.close());

  it("INF-4b DM-5 is dialled when an operator is free: the operator hears who it is and why, then the two talk", async () => {
    const first = await choosesCallback(world);
    expect(sentences(first).at(-1)).toMatch(/Мы перезвоним вам примерно через \d+–\d+ минут/);
    await world.until("they talk", talks(world, MOBILE));

    const [operatorsLeg, customersLeg] = [legTo(world, olga.endpoint)!, legTo(world, MOBILE)!];
    expect(operatorsLeg.talkingWith).toBe(MOBILE);
    expect(customersLeg.talkingWith).toBe(olga.endpoint);
    expect(sentences(operatorsLeg)[0]).toMatch(
      /^Обратный звонок\. Клиент, номер заканчивается на 4 5 6 7, ждёт \d+ минуту?\. Причина: попросил перезвонить/,
    );
    expect(sentences(operatorsLeg).at(-1)).toBe("Клиент на линии.");
    expect(sentences(customersLeg)).toEqual([
      "Здравствуйте! Это Kubik & Co. Вы ждали нашего звонка, соединяю с оператором.",
    ]);
    const announced = operatorsLeg.heard[0]!.at;
    expect(customersLeg.startedAt).toBeGreaterThan(announced);

    customersLeg.hangUp();
    await world.advance(10_000);
    expect(await theCallback(world)).toMatchObject({ status: "done" });
    expect(operatorsLeg.state).toBe("ended");
    expect(kindsOf(await callbackSteps(world))).toEqual([
      "callback.asked",
      "callback.operator-rung",
      "callback.operator-answered",
      "callback.dialling",
      "callback.sent",
      "callback.dialled",
      "callback.answered",
      "callback.connected",
      "callback.done",
    ]);
  });

  it("INF-4b the operator who hangs up ends the call too, and is left in peace for a moment", async () => {
    await choosesCallback(world);
    await world.until("they talk", talks(world, MOBILE));
    legTo(world, olga.endpoint)!.hangUp();
    await world.advance(5000);

    expect(legTo(world, MOBILE)!.state).toBe("ended");
    expect(sentences(legTo(world, MOBILE)!).at(-1)).toContain("Спасибо за разговор");
    expect(await theCallback(world)).toMatchObject({ status: "done" });
    await choosesCallback(world, "+79160000002");
    const rang = () => timesRung(world, olga.endpoint) > 1;
    await world.until("the phone rings again", rang, 2 * MINUTE);
  });

  it("INF-4b a busy customer is dialled again after a quarter of an hour, at the first place", async () => {
    world.twilio.operatorPhones.plan(MOBILE, "busy");
    await choosesCallback(world);
    const { enqueued_at } = await theCallback(world);
    await world.until("the retry is planned", isAt(world, "retry"));

    const { at, data } = (await callbackSteps(world)).findLast(({ kind }) => kind === "callback.missed")!;
    expect(data).toMatchObject({ how: "busy", tries: 1, again: at + 15 * MINUTE });
    await world.advance(3000);
    expect(sentences(legTo(world, olga.endpoint)!).at(-1)).toContain("Занято");

    world.twilio.operatorPhones.plan(MOBILE, { answerAfterMs: 3000 });
    await world.advance(14 * MINUTE);
    expect(timesRung(world, MOBILE)).toBe(1);
    await world.until("they talk", talks(world, MOBILE), 5 * MINUTE);
    expect(await theCallback(world)).toMatchObject({ status: "talking", enqueued_at });
    expect(sentences(legTo(world, olga.endpoint)!)[0]).toContain("Попытка 2");
  });

  it("INF-4b nobody answers: again after two hours, and not reached after the third time", async () => {
    world.twilio.operatorPhones.plan(MOBILE, "no-answer");
    await choosesCallback(world);
    await world.until("the retry is planned", isAt(world, "retry"), 3 * MINUTE);
    const missed = (await lastStep(world, "callback.missed"))!;
    expect(missed).toMatchObject({ how: "no-answer", tries: 1 });
    await world.advance(HOUR);
    expect(timesRung(world, MOBILE)).toBe(1);
    await world.until("it is given up", isAt(world, "not-reached"), 4 * HOUR);

    expect(timesRung(world, MOBILE)).toBe(3);
    expect(await lastStep(world, "callback.not-reached")).toMatchObject({ because: "tries", tries: 3 });
  });

  it.each(["refused", "wrong-number"] as const)("INF-4b a wrong number is not dialled again: %s", async (plan) => {
    world.twilio.operatorPhones.plan(MOBILE, plan);
    await choosesCallback(world);
    await world.until("it is given up", isAt(world, "not-reached"));

    expect(await lastStep(world, "callback.not-reached")).toMatchObject({ because: "number", how: "invalid" });
    await world.advance(20 * MINUTE);
    expect(timesRung(world, MOBILE)).toBeLessThanOrEqual(1);
    expect(sentences(legTo(world, olga.endpoint)!).at(-1)).toContain("Такого номера нет");
  });

  it("INF-4b nobody picks up at the operator's: the customer is not rung and stays at the first place", async () => {
    world.twilio.operatorPhones.plan(olga.endpoint, "no-answer");
    await choosesCallback(world);
    const before = await theCallback(world);
    await world.until(
      "the operator's phone has rung",
      () => legTo(world, olga.endpoint)?.state === "ended",
      2 * MINUTE,
    );
    await world.settle();

    expect(await theCallback(world)).toMatchObject({ status: "waiting", enqueued_at: before.enqueued_at });
    expect(timesRung(world, MOBILE)).toBe(0);
    await world.advance(10_000);
    expect(timesRung(world, olga.endpoint)).toBe(1);
    world.twilio.operatorPhones.plan(olga.endpoint, { answerAfterMs: 2000 });
    await world.until("they talk", talks(world, MOBILE), 2 * MINUTE);
  });

  it("INF-4b the operator hangs up while the customer's phone rings: it stops, and the customer is next in line again", async () => {
    world.twilio.operatorPhones.plan(MOBILE, { answerAfterMs: 25_000 });
    await choosesCallback(world);
    await world.until("the customer's phone rings", () => legTo(world, MOBILE)?.state === "ringing");
    await world.advance(3000);
    legTo(world, olga.endpoint)!.hangUp();
    await world.advance(2000);

    expect(legTo(world, MOBILE)!.state).toBe("ended");
    expect(legTo(world, MOBILE)!.heard).toEqual([]);
    expect(await theCallback(world)).toMatchObject({ status: "waiting", state: { tries: 0 } });
    world.twilio.operatorPhones.plan(MOBILE, { answerAfterMs: 3000 });
    await world.until("they talk", talks(world, MOBILE), 2 * MINUTE);
  });

  it("X-3 every webhook of the telephone doubled and shuffled: one call, the same end", async () => {
    world.twilio.faults.webhook.extraCopies = 1;
    world.twilio.faults.webhook.shuffleMs = 700;
    await choosesCallback(world);
    await world.until("they talk", talks(world, MOBILE));
    legTo(world, MOBILE)!.hangUp();
    await world.advance(MINUTE);

    expect(timesRung(world, MOBILE)).toBe(1);
    expect(await theCallback(world)).toMatchObject({ status: "done" });
    expect(kindsOf(await callbackSteps(world)).filter((kind) => kind === "callback.connected")).toHaveLength(1);
  });

  it("X-2 the line breaks after the provider took the dial: it is looked up and goes on, nobody is dialled twice", async () => {
    Object.assign(world.twilio.faults.rest, { cutAfterAccept: true, dialling: MOBILE });
    world.twilio.operatorPhones.plan(MOBILE, { answerAfterMs: 12_000 });
    world.twilio.faults.webhook.dropChance = 1;
    await choosesCallback(world).catch(() => null);
    await world.until(
      "the dial is unclear",
      async () => Boolean(await lastStep(world, "callback.unclear")),
      5 * MINUTE,
    );
    await world.until("they talk", talks(world, MOBILE));

    expect(timesRung(world, MOBILE)).toBe(1);
    const lookedUp = world.twilio.journal.entries.filter(
      ({ path }) => path.includes("Calls.json?") && path.includes("To="),
    );
    expect(lookedUp.length).toBeGreaterThan(0);
  });

  it("X-2 nobody knows whether the phone rang: the operator is let go, and it is looked up again before the next dial", async () => {
    Object.assign(world.twilio.faults.rest, { status: 500, dialling: MOBILE });
    await choosesCallback(world);
    await world.until("the operator is let go", isAt(world, "retry"));
    await world.advance(3000);

    expect(timesRung(world, MOBILE)).toBe(0);
    expect(sentences(legTo(world, olga.endpoint)!).at(-1)).toContain("Связь с телефонной станцией прервалась");
    expect(await lastStep(world, "callback.missed")).toMatchObject({ how: "unclear", tries: 0 });
    world.twilio.faults.rest.status = null;
    await world.until("they talk", talks(world, MOBILE), 5 * MINUTE);
    expect(timesRung(world, MOBILE)).toBe(1);
    const kinds = kindsOf(await callbackSteps(world));
    expect(kinds.slice(kinds.lastIndexOf("callback.operator-answered"))).toEqual([
      "callback.operator-answered",
      "callback.unclear",
      "callback.dialling",
      "callback.sent",
      "callback.dialled",
      "callback.answered",
      "callback.connected",
    ]);
  });
});
