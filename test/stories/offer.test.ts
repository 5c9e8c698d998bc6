import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { callerHearingOffer, hears, OFFER, operator, story } from "../support/people.ts";
import { createWorld, type World } from "../support/world.ts";

describe("DM-1 the offer is made at peak only", () => {
  let world: World;
  beforeEach(async () => void (world = await createWorld()));
  afterEach(() => world.close());

  it("DM-1 below the threshold no offer is spoken, and the decision is stored with its inputs", async () => {
    for (let i = 0; i < 10; i++) await operator(world);
    const phone = world.twilio.phones.call({ from: "+79161234567" });
    await world.advance(45_000);

    expect(hears(phone, OFFER)).toBe(false);
    const decision = (await story(world, phone)).find(({ kind }) => kind === "offer.decided");
    expect(decision?.data).toMatchObject({ offer: false, eligible: false, waitSeconds: expect.any(Number) });
    expect(decision?.data["waitSeconds"]).toBeLessThan(30);
  });

  it("DM-1 above the threshold the offer is spoken", async () => {
    await operator(world);
    const phone = await callerHearingOffer(world);

    const decision = (await story(world, phone)).findLast(({ kind }) => kind === "offer.decided");
    expect(decision?.data).toMatchObject({ offer: true, eligible: true });
    expect(decision?.data["waitSeconds"]).toBeGreaterThan(30);
  });
});

describe("a share of the callers", () => {
  it("DM-1 is held out, never offered, and counted as such", async () => {
    const world = await createWorld({ OFFER_HOLD_OUT_PERCENT: "50" });
    try {
      await operator(world);
      const phones = Array.from({ length: 16 }, (_, index) =>
        world.twilio.phones.call({ from: `+7916200000${index % 10}${index >= 10 ? 1 : 0}`.slice(0, 12) }),
      );
      await world.advance(60_000);

      const decisions = await world.db.query<{ call_id: string; data: { heldOut: boolean; offer: boolean } }>(
        "select distinct on (call_id) call_id, data from event where kind = 'offer.decided' and (data->>'eligible')::boolean order by call_id, seq",
      );
      const heldOut = decisions.filter(({ data }) => data.heldOut);
      expect(heldOut.length).toBeGreaterThan(0);
      expect(heldOut.length).toBeLessThan(phones.length);
      expect(heldOut.every(({ data }) => !data.offer)).toBe(true);
      const offered = await world.db.query<{ call_id: string }>("select call_id from event where kind = 'offer.made'");
      expect(offered.filter(({ call_id }) => heldOut.some((held) => held.call_id === call_id))).toEqual([]);
    } finally {
      await world.close();
    }
  });
});
