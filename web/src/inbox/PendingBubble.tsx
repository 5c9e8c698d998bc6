import { useLocale, useTexts } from "../app/locale.ts";
import { timeOfDay } from "../i18n/format.ts";
import { Button } from "../ui/Button.tsx";
import { classes } from "../ui/classes.ts";
import { Icon } from "../ui/Icon.tsx";
import { Mark } from "./MessageBubble.tsx";
import styles from "./MessageBubble.module.css";
import { outbox, type Pending } from "./outbox.ts";

/** Our own message before the server has it: shown at once with the clock, never lost without a word. */
export function PendingBubble({ item }: { item: Pending }) {
  const { thread: words } = useTexts().inbox;
  const locale = useLocale();
  const stuck = item.state === "unanswered";
  return (
    <article className={classes(styles["message"], styles["ours"])}>
      <div
        className={classes(
          styles["bubble"],
          styles[item.mode === "note" ? "note" : "operator"],
          stuck && styles["failed"],
        )}
      >
        <span className={styles["text"]}>{item.text}</span>
        <span className={classes("num", styles["meta"])}>
          {timeOfDay(locale, item.at)}
          <Mark status={stuck ? "failed" : "queued"} />
        </span>
      </div>
      {stuck && (
        <div className={classes(styles["under"], styles["trouble"])}>
          <span>{words.notSent}</span>
          <Button small look="danger" onClick={() => outbox.retry(item)}>
            <Icon name="again" size={13} />
            {words.retry}
          </Button>
          <Button small look="ghost" onClick={() => outbox.discard(item)}>
            {words.discard}
          </Button>
        </div>
      )}
    </article>
  );
}
