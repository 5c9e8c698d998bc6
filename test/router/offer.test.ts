import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { earlier, hours, instant, minutes, days } from "#kit";
import { decideOffer, isAbove, limitsOf, noHistory, shareOf, type OfferInputs } from "../../src/router/core/offer.ts";

const NOW = instant(Date.UTC(2026, 10, 20, 12));

const limits = limitsOf({
  thresholdSeconds: 30,
  chatRoomMinutes: 10,
  acceptPauseMinutes: 15,
  acceptsPerDay: 3,
  silenceMinutes: 5,
  refusalDays: 30,
  burstPerMinute: 20,
  holdOutPercent: 10,
});

const peakCaller: OfferInputs = {
  at: NOW,
  share: 0.5,
  switch: "auto",
  when: "own-wait",
  open: true,
  atPeak: false,
  waitSeconds: 90,
  wasAbove: false,
  chat: { channels: ["whatsapp-cloud"], waitSeconds: 20 },
  reach: {},
  caller: "mobile",
  history: noHistory,
  acceptedLastMinute: 0,
};

const decide = (change: Partial<OfferInputs>) => decideOffer({ ...peakCaller, ...change }, limits);

describe("the offer rule", () => {
  it("offers above the threshold and not below", () => {
    expect(decide({})).toEqual({
      above: true,
      eligible: true,
      offer: true,
      channel: "whatsapp-cloud",
      needsNumber: false,
    });
    expect(decide({ waitSeconds: 29 })).toMatchObject({ offer: false, because: "short-wait", eligible: false });
  });

  it("does not flap while the wait swings ten percent around the threshold", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 27, max: 33, noNaN: true }), { minLength: 2, maxLength: 100 }), (waits) => {
        let above = false;
        let changes = 0;
        for (const wait of waits) {
          const next = isAbove(wait, 30, above);
          if (next !== above) changes++;
          above = next;
        }
        expect(changes).toBeLessThanOrEqual(1);
      }),
      { numRuns: 2000 },
    );
  });

  it("treats a wait without bound as long", () => {
    expect(decide({ waitSeconds: null }).offer).toBe(true);
  });

  it("needs room in the chat and a channel that works", () => {
    expect(decide({ chat: { channels: [], waitSeconds: 0 } })).toMatchObject({ because: "no-messenger" });
    expect(decide({ chat: { channels: ["whatsapp-cloud"], waitSeconds: 600 } })).toMatchObject({
      because: "chat-full",
    });
  });

  it("obeys the switch and the schedule", () => {
    expect(decide({ switch: "off" })).toMatchObject({ because: "switched-off" });
    expect(decide({ open: false })).toMatchObject({ because: "closed" });
    expect(decide({ switch: "on", waitSeconds: 1 }).offer).toBe(true);
  });

  it("waits for the peak mode where the queue asks for it", () => {
    expect(decide({ when: "only-at-peak" })).toMatchObject({ because: "not-at-peak" });
    expect(decide({ when: "only-at-peak", atPeak: true }).offer).toBe(true);
  });

  it("never offers to the held-out share, and counts it as eligible", () => {
    expect(decide({ share: 0.05 })).toMatchObject({ eligible: true, offer: false, because: "held-out" });
  });

  it("leaves a number alone after an acceptance, three a day, silence and refusal", () => {
    const asked = (history: Partial<typeof noHistory>) => decide({ history: { ...noHistory, ...history } });

    expect(asked({ lastAcceptedAt: earlier(NOW, minutes(14)) })).toMatchObject({ because: "moved-lately" });
    expect(asked({ lastAcceptedAt: earlier(NOW, hours(1)), acceptedLastDay: 3 })).toMatchObject({
      because: "moved-often",
    });
    expect(asked({ lastSilentAt: earlier(NOW, minutes(4)) })).toMatchObject({ because: "silent-lately" });
    expect(asked({ lastRefusedAt: earlier(NOW, days(29)) })).toMatchObject({ because: "refused-lately" });
    expect(asked({ lastRefusedAt: earlier(NOW, days(31)), lastSilentAt: earlier(NOW, minutes(6)) }).offer).toBe(true);
  });

  it("stops offering when a trunk presses 1 too often", () => {
    expect(decide({ acceptedLastMinute: 20 })).toMatchObject({ because: "burst" });
  });

  it("asks hidden callers and landlines for a mobile number first", () => {
    expect(decide({ caller: "hidden" })).toMatchObject({ offer: true, needsNumber: true });
    expect(decide({ caller: "landline" })).toMatchObject({ offer: true, needsNumber: true });
  });

  it("holds the same calls out every time, in the asked share", () => {
    const ids = Array.from({ length: 20_000 }, (_, i) => `0193f3a0-0000-7000-8000-${i.toString(16).padStart(12, "0")}`);
    const share = ids.filter((id) => shareOf(id) < 0.1).length / ids.length;

    expect(share).toBeGreaterThan(0.09);
    expect(share).toBeLessThan(0.11);
    expect(shareOf(ids[0]!)).toBe(shareOf(ids[0]!));
  });
});
