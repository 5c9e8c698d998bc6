import { useLocale, useTexts } from "../app/locale.ts";
import { timeOfDay } from "../i18n/format.ts";
import { classes } from "../ui/classes.ts";
import { Icon } from "../ui/Icon.tsx";
import styles from "./Bubble.module.css";
import { BubbleFile } from "./BubbleFile.tsx";
import type { ChatMessage } from "./types.ts";

interface Props {
  message: ChatMessage;
  onTap: (choice: string) => void;
}

/** One message with its time, ticks and buttons. */
export function Bubble({ message, onTap }: Props) {
  const { messenger: words } = useTexts().simulator;
  const locale = useLocale();
  const mine = message.from === "customer";
  return (
    <>
      <div className={classes(styles["bubble"], mine && styles["mine"])}>
        {mine && <span className="hidden">{words.mine}: </span>}
        {message.file !== null && <BubbleFile file={message.file} caption={message.text} />}
        <span className={styles["text"]}>{message.text}</span>
        <span className={styles["meta"]}>
          {timeOfDay(locale, message.at)}
          {mine && <Ticks status={message.status ?? "delivered"} />}
        </span>
      </div>
      {message.choices.length > 0 && (
        <div className={styles["choices"]}>
          {message.choices.map((choice) => (
            <button key={choice.id} type="button" className={styles["choice"]} onClick={() => onTap(choice.id)}>
              {choice.title}
            </button>
          ))}
        </div>
      )}
    </>
  );
}

function Ticks({ status }: { status: NonNullable<ChatMessage["status"]> }) {
  const { marks } = useTexts().simulator.messenger;
  const icon = status === "failed" ? "alert" : status === "sent" ? "tick" : "ticks";
  return (
    <span className={styles[status]} title={marks[status]}>
      <Icon name={icon} size={13} />
      <span className="hidden">{marks[status]}</span>
    </span>
  );
}
