import { optionalText, settingsPart, type SettingsOf } from "#config";
import { z } from "zod";

/** What `.env` says about monitoring. */
export const watchSettings = settingsPart({
  title: "Monitoring",
  schema: z.object({
    METRICS_TOKEN: optionalText(
      "Secret that Prometheus sends as a bearer token to read /metrics. Empty: only programs on this machine may, and nobody behind https.",
    ).refine((token) => token === undefined || token.length >= 16, "must have at least 16 characters"),
  }),
});

/** The values of this part of `.env`. */
export type WatchSettings = SettingsOf<typeof watchSettings>;
