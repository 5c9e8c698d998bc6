import { settingsPart, wholeNumber } from "#config";
import { z } from "zod";

const ROLES = ["both", "web", "worker"] as const;

/** What `.env` says about this process among its likes. */
export const processSettings = settingsPart({
  title: "Process",
  schema: z.object({
    DETOUR_ROLE: z
      .enum(ROLES, `must be one of ${ROLES.join(", ")}`)
      .default("both")
      .describe(
        "What this process does: web answers requests, worker runs the loops and background jobs, both does all. web and worker need DATABASE_URL.",
      ),
    DRAIN_SECONDS: wholeNumber(
      2,
      { min: 0, max: 120 },
      "How long a process that got SIGTERM still answers while /readyz says no, so that a balancer sends nobody here any more.",
    ),
  }),
});
