import type { SettingsOf } from "#config";
import type { CallHandler, VoiceStep } from "#voice";
import type { ivrSettings } from "./settings.ts";
import { catalogue } from "./texts/index.ts";

/** What callers hear while we cannot think: they stay in the queue, or are put back into it. Needs no database. */
export function fallbackFor(
  settings: Pick<SettingsOf<typeof ivrSettings>, "DEFAULT_QUEUE" | "DEFAULT_LOCALE">,
): CallHandler["fallback"] {
  const locale = settings.DEFAULT_LOCALE;
  const stay: VoiceStep = { do: "say", text: catalogue[locale].trouble, locale };
  const enqueue: VoiceStep = { do: "enqueue", queue: settings.DEFAULT_QUEUE };
  const hold: VoiceStep[] = [{ do: "play", sound: "hold-music" }, { do: "keep-waiting" }];

  return (moment) => {
    switch (moment) {
      case "arrived":
      case "pulled-out":
      case "left-queue":
        return [stay, enqueue];
      case "waiting":
        return hold;
      /** Short: somebody who pressed a key wants to hear what came of it. */
      case "answered":
        return [{ do: "pause", seconds: 2 }, { do: "keep-waiting" }];
    }
  };
}
