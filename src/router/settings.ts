import { settingsPart, wholeNumber } from "#config";
import { z } from "zod";

export const routerSettings = settingsPart({
  title: "From the queue to the messenger",
  schema: z.object({
    OFFER_ABOVE_SECONDS: wholeNumber(
      30,
      { min: 0, max: 3600 },
      "A caller whose own expected wait is longer than this is offered a messenger.",
    ),
    OFFER_CHAT_WAIT_MINUTES: wholeNumber(
      10,
      { min: 1, max: 240 },
      "No offers while people wait this long in the chat.",
    ),
    OFFER_SILENCE_MINUTES: wholeNumber(
      5,
      { min: 1, max: 1440 },
      "After silence the offer is not made again for this long.",
    ),
    OFFER_REFUSAL_DAYS: wholeNumber(
      30,
      { min: 0, max: 365 },
      "After a refusal the offer is not made again for this many days.",
    ),
    OFFER_HOLD_OUT_PERCENT: wholeNumber(
      0,
      { min: 0, max: 50 },
      "Share of eligible calls that are never offered a messenger, to measure what offers change.",
    ),
    OFFER_PAUSE_MINUTES: wholeNumber(15, { min: 0, max: 1440 }, "One number gets at most one message in this time."),
    OFFER_PER_DAY: wholeNumber(3, { min: 1, max: 100 }, "One number gets at most this many messages in 24 hours."),
    OFFER_BURST_PER_MINUTE: wholeNumber(
      20,
      { min: 1, max: 100_000 },
      "Offers on one hotline number stop while more callers than this press 1 within a minute: it may be a robot that makes you pay for messages.",
    ),
    COMMIT_LEVEL: z
      .enum(["delivered", "sent"], "must be delivered or sent")
      .default("delivered")
      .describe("The receipt that allows ending a call: delivered, or the weaker sent (the phone may be off then)."),
    PATIENCE_SECONDS: wholeNumber(
      8,
      { min: 2, max: 13 },
      "How long a caller waits for the receipt before hearing a choice. At most 13, so that the choice is heard within 15 s of the key press.",
    ),
    PROBE_SECONDS: wholeNumber(
      2,
      { min: 1, max: 5 },
      "How much of that time asking whether the number has the messenger may take.",
    ),
    TALK_SECONDS: wholeNumber(
      180,
      { min: 10, max: 3600 },
      "Length of a conversation with an operator that the expected wait starts from; it learns the real one.",
    ),
  }),
});
