import { useNavigate } from "react-router";
import { api } from "../api/client.ts";
import { forgetEverything } from "../api/resource.ts";
import type { PresenceStatus, Session } from "../api/types.ts";
import { setLocale, useLocale, useTexts } from "../app/locale.ts";
import { Button, IconButton } from "../ui/Button.tsx";
import { Icon } from "../ui/Icon.tsx";
import { Segmented } from "../ui/Segmented.tsx";
import type { Perform } from "./Inbox.tsx";
import styles from "./InboxStrip.module.css";

interface Props {
  session: Session;
  refreshSession: () => void;
  perform: Perform;
  open: (conversation: string) => void;
}

const STATUSES: PresenceStatus[] = ["online", "away", "offline"];

/** The bar above: what to take next, who I am and whether I am here. */
export function InboxStrip({ session, refreshSession, perform, open }: Props) {
  const texts = useTexts();
  const words = texts.inbox;
  const locale = useLocale();
  const navigate = useNavigate();

  const takeChat = async () => {
    const taken = await api.takeNextChat();
    if (taken === undefined) return words.noneWaiting;
    open(taken.conversationId);
    return null;
  };
  const takeCall = async () => {
    await api.takeNextCall();
    return words.callComing;
  };
  const setPresence = async (status: PresenceStatus) => {
    await api.setPresence(status);
    refreshSession();
    return null;
  };
  const signOut = async () => {
    await api.signOut();
    forgetEverything();
    await navigate("/sign-in", { replace: true });
    return null;
  };

  return (
    <header className={styles["strip"]}>
      <h1 className={styles["title"]}>{words.title}</h1>
      <Button small look="primary" onClick={() => void perform(takeChat)}>
        {words.takeChat}
      </Button>
      <Button small onClick={() => void perform(takeCall)}>
        <Icon name="phone" size={15} />
        {words.takeCall}
      </Button>
      <span className={styles["space"]} />
      <Segmented
        label={texts.language}
        options={[
          { value: "ru", text: "RU", lang: "ru" },
          { value: "en", text: "EN", lang: "en" },
        ]}
        value={locale}
        onChange={setLocale}
      />
      <label className={styles["presence"]}>
        <span className="hidden">{words.presence.label}</span>
        <span className={styles[session.presence.status]} />
        <select
          className={styles["select"]}
          value={session.presence.status}
          onChange={(event) => void perform(() => setPresence(event.target.value as PresenceStatus))}
        >
          {STATUSES.map((status) => (
            <option key={status} value={status}>
              {words.presence[status]}
            </option>
          ))}
        </select>
      </label>
      <span className={styles["me"]}>{session.operator.name}</span>
      <IconButton label={words.signOut} onClick={() => void perform(signOut)}>
        <Icon name="out" />
      </IconButton>
    </header>
  );
}
