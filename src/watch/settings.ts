import { optionalText, settingsPart, text, type SettingsOf } from "#config";
import { z } from "zod";

const HEADER = /^([A-Za-z0-9-]+)=(.+)$/;

/** What `.env` says about monitoring. */
export const watchSettings = settingsPart({
  title: "Monitoring",
  schema: z.object({
    METRICS_TOKEN: optionalText(
      "Secret that Prometheus sends as a bearer token to read /metrics. Empty: only programs on this machine may, and nobody behind https.",
    ).refine((token) => token === undefined || token.length >= 16, "must have at least 16 characters"),
    OTEL_EXPORTER_OTLP_ENDPOINT: z
      .url({ protocol: /^https?$/, error: "must be an address that starts with http:// or https://" })
      .transform((value) => value.replace(/\/+$/, ""))
      .optional()
      .describe(
        "Where an OpenTelemetry collector takes traces over HTTP, e.g. http://localhost:4318. Empty: no traces are made.",
      ),
    OTEL_EXPORTER_OTLP_HEADERS: z
      .string()
      .optional()
      .transform((list = "") => list.split(",").flatMap((part) => part.trim() || []))
      .refine((parts) => parts.every((part) => HEADER.test(part)), "must be a list such as authorization=Bearer abc")
      .transform((parts) => parts.map((part) => HEADER.exec(part)!.slice(1) as [name: string, value: string]))
      .describe("Headers for the collector, comma-separated, e.g. authorization=Bearer abc."),
    OTEL_SERVICE_NAME: text("detour", "Name of this service in the traces."),
  }),
});

/** The values of this part of `.env`. */
export type WatchSettings = SettingsOf<typeof watchSettings>;
