import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Phone } from "../../sim/twilio/index.ts";
import { callerHearingOffer, hears, kindsOf, MOBILE, operator, sentences } from "../support/people.ts";
import { createWorld, type World } from "../support/world.ts";

type Operator = Awaited<ReturnType<typeof operator>>;

/** A caller to whom the message never comes and who chooses to be called back. */
async function choosesCallback(world: World, from = MOBILE): Promise<Phone> {
  world.whatsapp.faults.neverDelivered = true;
  const phone = await callerHearingOffer(world, from);
  phone.press("1");
  await world.until("the caller hears a choice", () => hears(phone, /Пока не видно/) && phone.listening);
  phone.press("2");
  await world.until("the call ends", () => phone.state === "ended");
  return phone;
}

const callbacks = (world: World) =>
  world.db.query<{ id: string; status: string; enqueued_at: number; reason: string; promised_at: number | null }>(
    "select id, status, enqueued_at, reason, promised_at from callback order by created_at",
  );
const theCallback = async (world: World) => (await callbacks(world))[0]!;
const steps = async (world: World) =>
  world.db.query<{ kind: string; at: number; data: Record<string, unknown> }>(
    "select kind, at, data from event where kind like 'callback.%' order by seq",
  );
const legs = (world: World, to: string) => world.twilio.operatorPhones.leg(to);

describe("INF-4b a callback", () => {
  let world: World;
  let olga: Operator;
  beforeEach(async () => {
    world = await createWorld({ CHAT_SHOP_NAME: "Kubik & Co" });
    olga = await operator(world);
  });
  afterEach(() => world.close());

  it("INF-4b DM-5 is dialled when an operator is free: the operator hears who it is and why, then the two talk", async () => {
    await choosesCallback(world);
    await world.until("they talk", () => legs(world, MOBILE)?.state === "talking", 120_000);

    const [operatorsLeg, customersLeg] = [legs(world, olga.endpoint)!, legs(world, MOBILE)!];
    expect(customersLeg.talkingWith ?? operatorsLeg.talkingWith).not.toBeNull();
    expect(sentences(operatorsLeg)[0]).toMatch(
      /Обратный звонок\. Клиент, номер заканчивается на 4 5 6 7, ждёт \d+ минут/,
    );
    expect(sentences(operatorsLeg).at(-1)).toBe("Клиент на линии.");
    expect(sentences(customersLeg)[0]).toContain("Это Kubik & Co. Вы ждали нашего звонка");
    customersLeg.hangUp();
    await world.advance(10_000);

    expect(await theCallback(world)).toMatchObject({ status: "done" });
    expect(operatorsLeg.state).toBe("ended");
    expect(kindsOf(await steps(world))).toEqual([
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
});
