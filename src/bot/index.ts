/** The door of `bot`: text in, a turn out. */
export type { Bot, BotChoice, BotInput, Guess, HandOffReason, Intent, Knowledge, Turn } from "./turn.ts";
export { botSettings } from "./settings.ts";
export { createBot } from "./bot.ts";
export { seedIntents, storedKnowledge } from "./stored-knowledge.ts";
