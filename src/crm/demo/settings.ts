import { optionalText, settingsPart, text, wholeNumber } from "#config";
import type { SettingsOf } from "#config";
import { z } from "zod";
import type { DemoCrmSettings } from "./client.ts";

/** The demo CRM's part of `.env`. */
export const demoCrmSettings = settingsPart({
  title: "Demo CRM",
  schema: z.object({
    DEMO_CRM_URL: optionalText("Address of the demo CRM. Empty: no CRM, and order questions go to a person."),
    DEMO_CRM_TOKEN: text("", "Token the demo CRM expects."),
    DEMO_CRM_TIMEOUT_MS: wholeNumber(2000, { min: 100, max: 30_000 }, "How long an answer about an order may take."),
  }),
  contradiction: (values) =>
    values.DEMO_CRM_URL !== undefined && values.DEMO_CRM_TOKEN === ""
      ? "DEMO_CRM_TOKEN is missing. Set it to the token of the CRM at DEMO_CRM_URL, or leave DEMO_CRM_URL empty."
      : null,
});

/** What `createDemoCrm` takes, from `.env`. */
export const demoCrmFrom = (values: SettingsOf<typeof demoCrmSettings>): DemoCrmSettings => ({
  baseUrl: values.DEMO_CRM_URL ?? null,
  token: values.DEMO_CRM_TOKEN,
  timeoutMs: values.DEMO_CRM_TIMEOUT_MS,
});
