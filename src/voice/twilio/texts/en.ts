import type { VoiceTexts } from "./index.ts";

export const en: VoiceTexts = {
  allBusy: "Hello! All our operators are busy right now. Please stay on the line: you keep your place in the queue.",
};
