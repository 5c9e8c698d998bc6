import { useEffect, useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { api } from "../api/client.ts";
import { Problem } from "../api/request.ts";
import { useResource } from "../api/resource.ts";
import type { Session, View } from "../api/types.ts";
import { sentenceFor, useTexts } from "../app/locale.ts";
import { Message } from "../app/Message.tsx";
import { createStore, useStore } from "../app/store.ts";
import { classes } from "../ui/classes.ts";
import { Notice } from "../ui/Notice.tsx";
import { AlarmBands } from "./AlarmBands.tsx";
import { ConversationList } from "./ConversationList.tsx";
import styles from "./Inbox.module.css";
import { InboxStrip } from "./InboxStrip.tsx";
import { ThreadPane } from "./ThreadPane.tsx";
import { useLive } from "./useLive.ts";

const VIEWS: View[] = ["mine", "queue", "bot", "closed"];

/** Counts up when the open thread should be read again. */
const threadNews = createStore(0);

interface Props {
  session: Session;
  refreshSession: () => void;
}

/** The list beside the open chat; on a phone one after the other. */
export function Inbox({ session, refreshSession }: Props) {
  const texts = useTexts();
  const { id } = useParams();
  const [query] = useSearchParams();
  const navigate = useNavigate();
  const view = VIEWS.find((known) => known === query.get("view")) ?? "mine";
  const list = useResource(`list ${view}`, () => api.conversations(view));
  const alarms = useResource("alarms", api.alarms);
  const news = useStore(threadNews);
  const [said, setSaid] = useState<{ tone: "plain" | "danger"; text: string } | null>(null);

  const health = useLive((changed) => {
    list.refresh();
    if (changed.has(null) || (id !== undefined && changed.has(id))) threadNews.set(threadNews.get() + 1);
  }, alarms.refresh);

  useEffect(() => {
    if (list.problem?.status === 401) refreshSession();
  }, [list.problem, refreshSession]);

  const rows = list.data?.conversations ?? null;
  const unread = (rows ?? []).reduce((sum, row) => sum + row.unread, 0);
  useEffect(() => {
    document.title = texts.inbox.pageTitle(unread);
  }, [texts, unread]);

  const perform = async (action: () => Promise<string | null>) => {
    try {
      const text = await action();
      setSaid(text === null ? null : { tone: "plain", text });
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem(0, "unknown", "");
      if (problem.status === 401) refreshSession();
      setSaid({ tone: "danger", text: sentenceFor(texts, problem.code, problem.message) });
    }
    list.refresh();
    threadNews.set(threadNews.get() + 1);
  };

  const open = (conversation: string) => void navigate(`/inbox/${conversation}?view=mine`);

  return (
    <div className={styles["page"]}>
      <div className={classes(id !== undefined && styles["wideOnly"])}>
        <InboxStrip session={session} refreshSession={refreshSession} perform={perform} open={open} />
      </div>
      {health === "lost" && (
        <div className={styles["band"]}>
          <Notice tone="warn" icon="link">
            {texts.inbox.link.lost}
          </Notice>
        </div>
      )}
      <AlarmBands alarms={alarms.data?.alarms ?? []} />
      {said !== null && (
        <div className={styles["band"]}>
          <Notice tone={said.tone} icon={said.tone === "danger" ? "alert" : "tick"} urgent={said.tone === "danger"}>
            {said.text}
          </Notice>
        </div>
      )}
      <div className={classes(styles["panes"], id !== undefined && styles["open"])}>
        <ConversationList view={view} rows={rows} problem={list.problem} openId={id ?? null} />
        {id === undefined ? (
          <div className={styles["nothing"]}>
            <Message title={texts.inbox.choose.title} text={texts.inbox.choose.text} />
          </div>
        ) : (
          <ThreadPane key={id} id={id} view={view} news={news} me={session.operator} perform={perform} />
        )}
      </div>
    </div>
  );
}

/** Carries out an action of the operator; the answer is a sentence to show, or null. */
export type Perform = (action: () => Promise<string | null>) => Promise<void>;
