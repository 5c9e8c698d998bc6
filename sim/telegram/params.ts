import type { JsonObject } from "#kit";

/** A parameter that is a text; anything else counts as none. */
export const textIn = (params: JsonObject, name: string): string => {
  const value = params[name];
  return typeof value === "string" ? value : "";
};

/** A parameter that is a number, also when a form carried it as text. */
export const numberIn = (params: JsonObject, name: string, fallback: number): number => {
  const value = Number(params[name] ?? fallback);
  return Number.isFinite(value) ? value : fallback;
};
