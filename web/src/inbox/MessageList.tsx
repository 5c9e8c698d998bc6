import { useEffect } from "react";
import type { Message, Operator, Thread } from "../api/types.ts";
import { useLocale, useTexts } from "../app/locale.ts";
import { useStickToEnd } from "../app/scroll.ts";
import { dayInWords } from "../i18n/format.ts";
import { MessageBubble } from "./MessageBubble.tsx";
import styles from "./MessageList.module.css";
import { outbox, usePending } from "./outbox.ts";
import { PendingBubble } from "./PendingBubble.tsx";

/** What was said, by day, and under it what is still on its way to the server. */
export function MessageList({ thread, me }: { thread: Thread; me: Operator }) {
  const { inbox: words } = useTexts();
  const { conversation, messages } = thread;
  const known = new Set(messages.map((message) => message.id));
  const pending = usePending(conversation.id).filter((item) => item.messageId === null || !known.has(item.messageId));
  const box = useStickToEnd<HTMLDivElement>(`${messages.length} ${pending.length} ${messages.at(-1)?.id ?? ""}`);

  useEffect(() => outbox.settle(new Set(messages.map((message) => message.id))), [messages]);

  return (
    <div ref={box} className={styles["list"]} tabIndex={0} role="group" aria-label={words.thread.label}>
      {messages.length === 0 && pending.length === 0 && <p className={styles["day"]}>{words.thread.empty}</p>}
      {messages.map((message, index) => (
        <Dated key={message.id} message={message} before={messages[index - 1]} me={me} conversation={conversation.id} />
      ))}
      {pending.map((item) => (
        <PendingBubble key={item.clientId} item={item} />
      ))}
    </div>
  );
}

interface DatedProps {
  message: Message;
  before: Message | undefined;
  me: Operator;
  conversation: string;
}

/** A message, under the day's name when it is the first of its day. */
function Dated({ message, before, me, conversation }: DatedProps) {
  const locale = useLocale();
  const day = dayInWords(locale, Date.parse(message.at));
  const sameDay = before !== undefined && dayInWords(locale, Date.parse(before.at)) === day;
  return (
    <>
      {!sameDay && <p className={styles["day"]}>{day}</p>}
      <MessageBubble message={message} me={me} conversation={conversation} />
    </>
  );
}
