import type { Locale } from "#kit";
import type { BotChoice, Intent } from "../turn.ts";
import type { Brain } from "./brain.ts";
import { normalise, shorten } from "./normalise.ts";
import { wordsOf } from "./words.ts";

/** WhatsApp's limits: three buttons, twenty characters, no two titles alike. */
const MOST_CHOICES = 3;
const TITLE_LENGTH = 20;

/** A button for an intent; by convention its first example is its title. */
export function intentChoice(intent: Intent, language: Locale): BotChoice {
  const title = intent.examples[language][0] ?? Object.values(intent.examples).flat()[0] ?? intent.code;
  return { id: `intent:${intent.code}`, title };
}

/** Choices as every messenger can show them. */
export function showable(choices: BotChoice[]): BotChoice[] {
  const titles = new Map<string, BotChoice>();
  for (const { id, title } of choices) {
    const short = shorten(title.trim() || id, TITLE_LENGTH);
    if (!titles.has(short)) titles.set(short, { id, title: short });
  }
  return [...titles.values()].slice(0, MOST_CHOICES);
}

const PLACES = new Map(
  [
    ["1", "один", "первое", "первый", "первая", "first", "one", "бір", "бірінші"],
    ["2", "два", "второе", "второй", "вторая", "second", "two", "екі", "екінші"],
    ["3", "три", "третье", "третий", "третья", "third", "three", "үш", "үшінші"],
  ].flatMap((names, at) => names.map((name) => [name, at] as const)),
);

/** The offered intent that somebody typed instead of tapping: its place or its title. */
export function choiceOf(words: string[], offered: string[], brain: Brain): Intent | null {
  const said = words.join(" ");
  const place = words.length <= 3 ? words.map((word) => PLACES.get(word)).find((at) => at !== undefined) : undefined;
  const byPlace = place === undefined ? undefined : offered[place];
  if (byPlace !== undefined) return brain.byCode(byPlace);
  return offered.map((code) => brain.byCode(code)).find((intent) => intent && hasTitle(intent, said)) ?? null;
}

const hasTitle = (intent: Intent, said: string) =>
  Object.values(intent.examples).some(([title]) => title !== undefined && wordsOf(normalise(title)).join(" ") === said);
