import type { VoiceTexts } from "./index.ts";

export const ru: VoiceTexts = {
  allBusy:
    "Здравствуйте! Сейчас все операторы заняты. Оставайтесь на линии, пожалуйста: ваше место в очереди сохранится.",
};
