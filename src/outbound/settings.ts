import { settingsPart, wholeNumber } from "#config";
import { z } from "zod";

export const outboundSettings = settingsPart({
  title: "Callbacks",
  schema: z.object({
    CALLBACK_RING_SECONDS: wholeNumber(
      30,
      { min: 10, max: 60 },
      "How long the phone of a customer rings who is called back.",
    ),
    OPERATOR_REST_SECONDS: wholeNumber(
      20,
      { min: 0, max: 600 },
      "After a call, or a ring nobody answered, an operator's phone is not rung for callbacks for this long.",
    ),
  }),
});
