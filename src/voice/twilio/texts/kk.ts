import type { VoiceTexts } from "./index.ts";

export const kk: VoiceTexts = {
  allBusy: "Сәлеметсіз бе! Қазір операторлардың бәрі бос емес. Желіде қалыңыз: кезектегі орныңыз сақталады.",
};
