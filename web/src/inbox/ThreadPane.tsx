import { useEffect, useState } from "react";
import { Link } from "react-router";
import { api } from "../api/client.ts";
import { useResource } from "../api/resource.ts";
import type { Operator, Thread, View } from "../api/types.ts";
import { channelOf } from "../app/channels.ts";
import { sentenceFor, useTexts } from "../app/locale.ts";
import { Message } from "../app/Message.tsx";
import { phoneInGroups } from "../i18n/format.ts";
import { Icon } from "../ui/Icon.tsx";
import { Ribbon } from "../ui/Ribbon.tsx";
import { Actions } from "./Actions.tsx";
import { Avatar } from "./Avatar.tsx";
import { Composer } from "./Composer.tsx";
import { nameOf } from "./ConversationList.tsx";
import type { Perform } from "./Inbox.tsx";
import { MessageList } from "./MessageList.tsx";
import { routeOfConversation } from "./route.ts";
import styles from "./ThreadPane.module.css";

interface Props {
  id: string;
  view: View;
  /** Changes when something happened in this chat. */
  news: number;
  me: Operator;
  perform: Perform;
}

/** The open chat: who, how they got here, what was said, and where to answer. */
export function ThreadPane({ id, view, news, me, perform }: Props) {
  const texts = useTexts();
  const { data: thread, problem, refresh } = useResource(`thread ${id}`, () => api.thread(id));
  useEffect(refresh, [news, refresh]);
  useMarkRead(id, thread);

  if (thread === null) {
    return (
      <section className={styles["pane"]}>
        {problem !== null && (
          <Message title={texts.inbox.title} text={sentenceFor(texts, problem.code, problem.message)} />
        )}
      </section>
    );
  }
  return (
    <section className={styles["pane"]} aria-label={nameOf(thread.conversation, texts.inbox.unnamed)}>
      <Head thread={thread} view={view} me={me} perform={perform} />
      <Route thread={thread} />
      <MessageList thread={thread} me={me} />
      <Composer conversation={thread.conversation} />
      <Announcer thread={thread} />
    </section>
  );
}

function Head({ thread, view, me, perform }: { thread: Thread } & Pick<Props, "view" | "me" | "perform">) {
  const { inbox: words } = useTexts();
  const { conversation } = thread;
  const { phone } = conversation.customer;
  return (
    <header className={styles["head"]}>
      <Link to={`/inbox?view=${view}`} className={styles["back"]} aria-label={words.back}>
        <Icon name="back" />
      </Link>
      <Avatar name={conversation.customer.name} />
      <div className={styles["who"]}>
        <h2 className={styles["name"]}>{nameOf(conversation, words.unnamed)}</h2>
        <p className={styles["address"]}>
          {channelOf(conversation.channel).name}{" "}
          <span className="num">{phone === null ? "" : phoneInGroups(phone)}</span>
        </p>
      </div>
      <Actions conversation={conversation} me={me} perform={perform} />
    </header>
  );
}

function Route({ thread }: { thread: Thread }) {
  const { inbox, simulator } = useTexts();
  const stops = routeOfConversation(thread.conversation, thread.messages).map(({ leg, note }) => ({
    leg,
    name: note.stop === "messenger" ? channelOf(thread.conversation.channel).name : inbox.route.stops[note.stop],
    note: inbox.route.note(note),
    reached: leg === "none" ? simulator.ahead : simulator.travelled,
  }));
  return (
    <div className={styles["route"]}>
      <Ribbon label={inbox.route.label} stops={stops} />
    </div>
  );
}

/** Tells the server the customer was read, once somebody really looks. */
function useMarkRead(id: string, thread: Thread | null): void {
  const unread = thread?.conversation.unread ?? 0;
  useEffect(() => {
    if (unread === 0) return undefined;
    const look = () => {
      if (document.visibilityState === "visible") api.markRead(id).catch(() => undefined);
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [id, unread]);
}

/** Says a customer's new message once; the thread itself is not a live region. */
function Announcer({ thread }: { thread: Thread }) {
  const { inbox: words } = useTexts();
  const last = thread.messages.findLast((message) => message.author === "customer");
  const [first] = useState(last?.id);
  const isNew = last !== undefined && last.id !== first;
  return (
    <div className="hidden" role="status">
      {isNew && words.thread.announced(nameOf(thread.conversation, words.unnamed), last.text.slice(0, 200))}
    </div>
  );
}
