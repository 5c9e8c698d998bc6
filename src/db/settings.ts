import { optionalText, settingsPart, text, wholeNumber } from "#config";
import { z } from "zod";

const isAddress = (value: string | undefined) =>
  value === undefined || (/^postgres(ql)?:\/\//.test(value) && URL.canParse(value));

export const dbSettings = settingsPart({
  title: "Database",
  schema: z.object({
    DATABASE_URL: optionalText(
      "PostgreSQL 15 or newer, e.g. postgres://user:password@host/db. Empty: Detour starts its own PostgreSQL in DATA_DIR.",
    ).refine(isAddress, "must start with postgres:// and name a server and a database"),
    DATA_DIR: text("data", "Folder for everything Detour keeps on disk."),
    DATABASE_CONNECTIONS: wholeNumber(
      10,
      { min: 2, max: 200 },
      "Connections each of the two pools (webhooks, workers) may open.",
    ),
    TENANT: text("main", "Name of this company in the database; one installation serves one."),
  }),
});
