import type { ReactNode } from "react";
import { useStickToEnd } from "../app/scroll.ts";
import { useTexts } from "../app/locale.ts";
import { classes } from "../ui/classes.ts";
import { Bubble } from "./Bubble.tsx";
import { MessageBox } from "./MessageBox.tsx";
import styles from "./Messenger.module.css";
import type { App, ChatMessage, SampleName } from "./types.ts";

interface Props {
  app: App;
  /** Whom the caller talks to. */
  name: string;
  /** Under the name. */
  about: string;
  messages: ChatMessage[];
  lang: string;
  disabled: boolean;
  onTap: (choice: string) => void;
  onSend: (text: string) => void;
  onSample?: (name: SampleName) => void;
  /** Above the messages, or instead of them. */
  children: ReactNode;
  /** Between the messages and the box. */
  foot?: ReactNode;
}

/** One messenger's chat with the business. */
export function Screen({ app, name, about, messages, lang, disabled, onTap, onSend, onSample, children, foot }: Props) {
  const { messenger: words } = useTexts().simulator;
  const box = useStickToEnd<HTMLDivElement>(messages.length);
  return (
    <div className={classes(styles["screen"], styles[app])}>
      <div className={styles["head"]}>
        <span className={styles["face"]} aria-hidden="true">
          {initials(name)}
        </span>
        <div className={styles["who"]}>
          <div className={styles["business"]}>{name}</div>
          <div className={styles["under"]}>{about}</div>
        </div>
      </div>
      <div ref={box} className={styles["messages"]} role="log" aria-label={words.log} lang={lang} tabIndex={0}>
        {children}
        {messages.map((message) => (
          <Bubble key={message.id} message={message} onTap={onTap} />
        ))}
      </div>
      {foot}
      <MessageBox disabled={disabled} onSend={onSend} {...(onSample && { onSample })} />
    </div>
  );
}

/** A line of the messenger itself among the messages. */
export const SystemLine = ({ children }: { children: ReactNode }) => <div className={styles["system"]}>{children}</div>;

/** `Kubik & Co` becomes `K&C`, a single word its first letter. */
const initials = (name: string): string =>
  name
    .split(/\s+/)
    .map((word) => word.charAt(0))
    .join("")
    .slice(0, 3);
