import { StartError } from "#kit";
import type { z } from "zod";

/** One room's part of `.env`: the names it reads, and what must hold between them. */
export interface SettingsPart<Shape extends z.ZodObject = z.ZodObject> {
  title: string;
  schema: Shape;
  /** A sentence when the values contradict each other, naming the setting to change. */
  contradiction?: (values: z.output<Shape>) => string | null;
}

export type SettingsOf<Part> = Part extends SettingsPart<infer Shape> ? z.output<Shape> : never;

/** Declares a part; exists so that the shape is inferred. */
export const settingsPart = <Shape extends z.ZodObject>(part: SettingsPart<Shape>): SettingsPart<Shape> => part;

type Parts = Record<string, SettingsPart>;

/**
 * Reads every part from the environment at once.
 * Throws `StartError` with one sentence that names the first wrong setting and how to mend it.
 */
export function readSettings<P extends Parts>(
  env: Record<string, string | undefined>,
  parts: P,
): { [Name in keyof P]: SettingsOf<P[Name]> } {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
  const read = Object.entries(parts).map(([name, part]) => [name, readPart(part, given)]);
  return Object.fromEntries(read) as { [Name in keyof P]: SettingsOf<P[Name]> };
}

function readPart(part: SettingsPart, env: Record<string, unknown>): unknown {
  const result = part.schema.safeParse(env);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    const setting = String(issue.path[0] ?? part.title);
    throw new StartError(
      `${setting} ${issue.message}. Change ${setting} in .env or in the environment and start again.`,
    );
  }
  const contradiction = part.contradiction?.(result.data);
  if (contradiction) throw new StartError(contradiction);
  return result.data;
}
