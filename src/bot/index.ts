/** The door of `bot`: text in, a turn out. */
export type { Bot, BotInput, Knowledge, Turn } from "./turn.ts";
export { createBot } from "./bot.ts";
export { seedKnowledge } from "./seed/index.ts";
