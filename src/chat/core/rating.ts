import { later, minutes, type ConversationId, type Instant, type OperatorId } from "#kit";
import type { Said } from "./burst.ts";

/** Whom the customer is asked about: the machine and the people are never mixed. */
export type RatedParty = "bot" | "operator";
export type Score = 1 | 2 | 3 | 4 | 5;

/** What became of the question after closing. */
export type Rating =
  | { kind: "not-asked" }
  | { kind: "asked"; about: RatedParty; operatorId: OperatorId | null; until: Instant }
  | { kind: "given"; about: RatedParty; at: Instant; commented: boolean };

/** A question of the conversation before, which a late tap may still answer. */
export interface OpenQuestion {
  conversationId: ConversationId;
  about: RatedParty;
  operatorId: OperatorId | null;
  until: Instant;
}

const COMMENT_WINDOW = minutes(10);
const LONGEST_COMMENT = 2000;

const TAP = /^csat:([1-5])$/;
/** A lone digit, also as a keycap, and what follows it after a gap. `5 шт` is one, `5шт` and `15` are not. */
const DIGIT = /^\s*([1-5])(?:\uFE0F?\u20E3)?(?:\s*$|[^\p{L}\p{N}]+(.*)$)/su;

/** The id of the list row for a score. */
export const scoreChoice = (score: Score): string => `csat:${score}`;

/** The score of a tap on one of our rows; null for anything else. */
export function tappedScore(said: Said): Score | null {
  const tapped = TAP.exec(said.choice ?? "")?.[1];
  return tapped === undefined ? null : (Number(tapped) as Score);
}

/** The score in a message, typed or tapped, with the words after it; null when it is not a rating. */
export function readRating(said: Said): { score: Score; comment: string | null } | null {
  const tapped = tappedScore(said);
  if (tapped !== null) return { score: tapped, comment: null };
  if (said.choice !== null || said.media) return null;
  const typed = DIGIT.exec(said.text);
  if (!typed) return null;
  return { score: Number(typed[1]) as Score, comment: comment(typed[2] ?? "") };
}

/** The first words after a score belong to it, unless they ask something: a question deserves an answer. */
export function readComment(rating: Rating, said: Said, at: Instant): string | null {
  if (rating.kind !== "given" || rating.commented || at > later(rating.at, COMMENT_WINDOW)) return null;
  if (said.choice !== null || said.media || /[?？]/.test(said.text)) return null;
  return comment(said.text);
}

const comment = (text: string): string | null => text.trim().slice(0, LONGEST_COMMENT) || null;
