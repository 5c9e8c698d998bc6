import type { DoctorTexts } from "../texts/texts.ts";

/** `wrong` keeps something from working; `warning` deserves a look. */
export type State = "well" | "warning" | "wrong";

/** What an examination is about, as the report calls it. */
export type Subject = keyof DoctorTexts["subjects"];

/** One thing that was looked at, in any language. */
export interface Finding {
  about: Subject;
  /** Which one, when there are several of the kind. */
  name?: string;
  state: State;
  say(texts: DoctorTexts): string;
}
