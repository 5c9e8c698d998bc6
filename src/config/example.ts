import { z } from "zod";
import type { SettingsPart } from "./settings.ts";

/** One setting as somebody who fills in `.env` needs to know it. */
export interface SettingAbout {
  title: string;
  name: string;
  about: string;
  /** As it is written in `.env`; empty when there is none. */
  fallback: string;
}

/** Every setting of these parts, in their order. */
export const describeSettings = (parts: Record<string, SettingsPart>): SettingAbout[] =>
  Object.values(parts).flatMap(({ title, schema }) =>
    Object.entries(schema.shape).map(([name, setting]) => ({
      title,
      name,
      about: (setting as z.ZodType).description ?? "",
      fallback: fallbackOf(setting as z.ZodType),
    })),
  );

/** Defaults stand before transformations or after them; both are written as a person writes them. */
function fallbackOf(setting: z.core.$ZodType): string {
  if (setting instanceof z.ZodDefault) return String(setting.def.defaultValue);
  return setting instanceof z.ZodPipe ? fallbackOf(setting.def.in) : "";
}

const HEAD = `# Copy this file to .env, take the # away from what you change and restart.
# What stands behind = is the default. node scripts/env-example.ts prints this file afresh.
`;

/** The text of `.env.example`. */
export function envExample(parts: Record<string, SettingsPart>): string {
  const lines = [HEAD];
  let title = "";
  for (const setting of describeSettings(parts)) {
    if (setting.title !== title) lines.push(`## ${setting.title}\n`);
    title = setting.title;
    lines.push(`# ${setting.about}\n# ${setting.name}=${setting.fallback}\n`);
  }
  return lines.join("\n");
}
