import type { Alarm } from "../api/types.ts";
import { useTexts } from "../app/locale.ts";
import { Notice } from "../ui/Notice.tsx";
import styles from "./Inbox.module.css";

/** What is off right now, one sentence each, for as long as it lasts. */
export function AlarmBands({ alarms }: { alarms: Alarm[] }) {
  const words = useTexts().inbox.off;

  const sentence = ({ code, words: why }: Alarm): string => {
    if (code.startsWith("probe:")) return words.checks;
    return code.startsWith("whatsapp-web:") ? words.whatsAppWeb(why) : words.messenger(why);
  };

  return alarms.map((alarm) => (
    <div key={alarm.code} className={styles["band"]}>
      <Notice tone="warn" icon="alert">
        {sentence(alarm)}
      </Notice>
    </div>
  ));
}
