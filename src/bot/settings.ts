import { flag, settingsPart } from "#config";
import { z } from "zod";

export const botSettings = settingsPart({
  title: "Bot",
  schema: z.object({
    BOT_DEMO_FAQ: flag(
      false,
      "Start an empty FAQ with the answers of the demo toy shop instead of general topics only.",
    ),
  }),
});
