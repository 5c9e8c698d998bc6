import { Link } from "react-router";
import type { Problem } from "../api/request.ts";
import type { ConversationRow, View } from "../api/types.ts";
import { channelOf } from "../app/channels.ts";
import { sentenceFor, useLocale, useTexts } from "../app/locale.ts";
import { Message } from "../app/Message.tsx";
import { useNow } from "../app/now.ts";
import { phoneInGroups, timeOfDay, waitingTime } from "../i18n/format.ts";
import { classes } from "../ui/classes.ts";
import { ChannelMark } from "../ui/Icon.tsx";
import { Notice } from "../ui/Notice.tsx";
import { Avatar } from "./Avatar.tsx";
import styles from "./ConversationList.module.css";
import { useDraft } from "./drafts.ts";

const VIEWS: View[] = ["mine", "queue", "bot", "closed"];

interface Props {
  view: View;
  /** Null until the server answered for the first time. */
  rows: ConversationRow[] | null;
  problem: Problem | null;
  openId: string | null;
}

/** The chats of one view. */
export function ConversationList({ view, rows, problem, openId }: Props) {
  const texts = useTexts();
  const words = texts.inbox;
  const now = useNow(1000);
  return (
    <section className={styles["list"]} aria-label={words.listLabel}>
      <nav className={styles["views"]} aria-label={words.views.label}>
        {VIEWS.map((name) => (
          <Link
            key={name}
            to={`/inbox${openId === null ? "" : `/${openId}`}?view=${name}`}
            className={classes(styles["view"], name === view && styles["on"])}
            aria-current={name === view ? "page" : undefined}
          >
            {words.views[name]}
            {name === view && rows !== null && <span className="num">{rows.length}</span>}
          </Link>
        ))}
      </nav>
      {problem !== null && (
        <div className={styles["problem"]}>
          <Notice tone="danger" icon="alert">
            {sentenceFor(texts, problem.code, problem.message)}
          </Notice>
        </div>
      )}
      {rows?.length === 0 && <Message title={words.empty[view].title} text={words.empty[view].text} />}
      <ul className={styles["rows"]}>
        {rows?.map((row) => (
          <Row key={row.id} row={row} view={view} open={row.id === openId} now={now} />
        ))}
      </ul>
    </section>
  );
}

function Row({ row, view, open, now }: { row: ConversationRow; view: View; open: boolean; now: number }) {
  const { inbox: words } = useTexts();
  const locale = useLocale();
  const draft = useDraft(row.id, "reply");
  const waited = row.waitingSince === null ? null : Math.max(0, now - Date.parse(row.waitingSince));
  return (
    <li>
      <Link
        to={`/inbox/${row.id}?view=${view}`}
        className={classes(styles["row"], open && styles["open"])}
        aria-current={open || undefined}
      >
        <Avatar name={row.customer.name} />
        <span className={styles["name"]}>
          <span className="ell">{nameOf(row, words.unnamed)}</span>
          <span
            className={classes(styles["channel"], styles[channelOf(row.channel).leg])}
            title={channelOf(row.channel).name}
          >
            <ChannelMark channel={row.channel} size={12} />
          </span>
        </span>
        <span className={classes("num", styles["time"], waited !== null && styles["waits"])}>
          {waited === null ? timeOfDay(locale, Date.parse(row.lastMessageAt)) : waitingTime(locale, waited)}
          {waited !== null && (
            <span className="hidden">, {words.waiting(words.minutes(Math.floor(waited / 60_000)))}</span>
          )}
        </span>
        <span className={classes(styles["preview"], "ell")}>
          {draft === "" ? (
            row.preview
          ) : (
            <>
              <b className={styles["draft"]}>{words.draft}</b> {draft}
            </>
          )}
        </span>
        {row.unread > 0 && (
          <span className={classes("num", styles["unread"])}>
            {row.unread}
            <span className="hidden"> ({words.unread(row.unread)})</span>
          </span>
        )}
      </Link>
    </li>
  );
}

/** The name, else the number, else words. */
export const nameOf = ({ customer }: Pick<ConversationRow, "customer">, unnamed: string): string =>
  customer.name || (customer.phone === null ? unnamed : phoneInGroups(customer.phone));
