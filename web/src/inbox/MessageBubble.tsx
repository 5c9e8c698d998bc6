import type { Message, MessageStatus, Operator } from "../api/types.ts";
import { useLocale, useTexts } from "../app/locale.ts";
import { percent, timeOfDay } from "../i18n/format.ts";
import { Button } from "../ui/Button.tsx";
import { Chip } from "../ui/Chip.tsx";
import { classes } from "../ui/classes.ts";
import { Icon, type IconName } from "../ui/Icon.tsx";
import { FileView } from "./FileView.tsx";
import styles from "./MessageBubble.module.css";
import { outbox } from "./outbox.ts";

interface Props {
  message: Message;
  me: Operator;
  conversation: string;
}

/** One message of the thread, with what the bot understood and how far it got. */
export function MessageBubble({ message, me, conversation }: Props) {
  const { inbox } = useTexts();
  const locale = useLocale();
  const words = inbox.thread;
  const { author, status } = message;
  if (author === "system") return <p className={styles["system"]}>{message.text}</p>;
  const name =
    author === "customer" || author === "bot"
      ? words[author]
      : message.authorName === me.name
        ? words.you
        : message.authorName;
  return (
    <article className={classes(styles["message"], author !== "customer" && styles["ours"])}>
      <div className={classes(styles["bubble"], styles[author], status === "failed" && styles["failed"])}>
        {author === "note" ? (
          <span className={styles["heading"]}>
            <Icon name="lock" size={13} />
            {words.note}, {name ?? words.operator}
          </span>
        ) : (
          <span className="hidden">{name ?? words.operator}: </span>
        )}
        <Content message={message} conversation={conversation} />
        <span className={classes("num", styles["meta"])}>
          {message.editedAt !== null && <span className={styles["edited"]}>{words.edited}</span>}
          {timeOfDay(locale, Date.parse(message.at))}
          {status !== null && author !== "customer" && <Mark status={status} />}
        </span>
      </div>
      {message.choices.length > 0 && (
        <div className={styles["under"]} role="group" aria-label={words.choices}>
          {message.choices.map((choice) => (
            <Chip key={choice.id} tone="line">
              {choice.title}
            </Chip>
          ))}
        </div>
      )}
      <Guesses message={message} />
      <Trouble message={message} conversation={conversation} />
    </article>
  );
}

/** The words of a message; of a file its own words only, because the file says what it is. */
function Content({ message, conversation }: { message: Message; conversation: string }) {
  const { file, text } = message;
  if (file === null) return <span className={styles["text"]}>{text}</span>;
  return (
    <>
      <FileView file={file} conversation={conversation} />
      <span className={styles["text"]}>{file.caption}</span>
    </>
  );
}

const ICONS: Record<MessageStatus, IconName> = {
  queued: "clock",
  sending: "clock",
  accepted: "tick",
  sent: "tick",
  delivered: "ticks",
  read: "ticks",
  failed: "alert",
  unclear: "alert",
};

/** How far a message of ours got, as a mark and in words. */
export function Mark({ status }: { status: MessageStatus }) {
  const { marks } = useTexts().inbox.thread;
  return (
    <span
      className={classes(status === "read" && styles["read"], status === "unclear" && styles["doubt"])}
      title={marks[status]}
    >
      <Icon name={ICONS[status]} size={13} />
      <span className="hidden">{marks[status]}</span>
    </span>
  );
}

function Guesses({ message }: { message: Message }) {
  const { inbox, steps } = useTexts();
  const locale = useLocale();
  if (message.author !== "bot" || message.guesses.length === 0) return null;
  return (
    <div className={styles["under"]} role="group" aria-label={inbox.thread.guesses}>
      {message.guesses.slice(0, 2).map(({ intent, confidence }, index) => (
        <Chip key={intent} tone={index === 0 ? "bot" : "line"}>
          {index === 0 && <Icon name="bot" size={13} />}
          {steps.intents[intent] ?? intent}, {percent(locale, confidence)}
        </Chip>
      ))}
    </div>
  );
}

/** What went wrong and what to do. Sending again is a new message with its own way to the customer. */
function Trouble({ message, conversation }: { message: Message; conversation: string }) {
  const { thread: words } = useTexts().inbox;
  if (message.status === "unclear") return <p className={classes(styles["under"], styles["doubt"])}>{words.unclear}</p>;
  if (message.status !== "failed") return null;
  return (
    <div className={classes(styles["under"], styles["trouble"])}>
      <span>{message.error === null ? `${words.failed}.` : `${words.failed}: ${message.error.message}`}</span>
      {message.author === "operator" && message.file === null && (
        <Button small look="danger" onClick={() => outbox.add(conversation, "reply", message.text, Date.now())}>
          <Icon name="again" size={13} />
          {words.retry}
        </Button>
      )}
    </div>
  );
}
