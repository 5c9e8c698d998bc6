import { useState, type FormEvent, type KeyboardEvent } from "react";
import type { Conversation } from "../api/types.ts";
import { sentenceFor, useTexts } from "../app/locale.ts";
import { useNow } from "../app/now.ts";
import { Button } from "../ui/Button.tsx";
import { Chip } from "../ui/Chip.tsx";
import { classes } from "../ui/classes.ts";
import { Notice } from "../ui/Notice.tsx";
import { Segmented } from "../ui/Segmented.tsx";
import { AttachButton, AttachedFile, isTooLarge } from "./AttachBar.tsx";
import { attachments, useAttachment, type Attachment } from "./attachments.ts";
import styles from "./Composer.module.css";
import { setDraft, useDraft, type Mode } from "./drafts.ts";
import { outbox, useRefusal } from "./outbox.ts";

/** Where the operator writes. The draft outlives the window, a transfer, a reload and a crash. */
export function Composer({ conversation }: { conversation: Conversation }) {
  const texts = useTexts();
  const words = texts.inbox.composer;
  const [mode, setMode] = useState<Mode>("reply");
  const draft = useDraft(conversation.id, mode);
  const refusal = useRefusal(conversation.id);
  const closed = conversation.owner === "closed";
  const locked = mode === "reply" && (closed || !conversation.window.open);
  const limits = mode === "reply" && !locked ? conversation.attach : null;
  const chosen = useAttachment(conversation.id);
  const attachment = limits === null ? null : chosen;
  const ready = attachment === null ? draft.trim() !== "" : isReady(attachment, limits!);

  const send = () => {
    const text = draft.trim();
    if (!ready || locked) return;
    if (attachment === null) {
      setDraft(conversation.id, mode, "");
      outbox.add(conversation.id, mode, text, Date.now());
    } else void sendFile(conversation.id, text);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };

  return (
    <form className={styles["composer"]} onSubmit={submit}>
      <div className={styles["top"]}>
        <Segmented
          label={words.mode.label}
          options={[
            { value: "reply", text: words.mode.reply },
            { value: "note", text: words.mode.note },
          ]}
          value={mode}
          onChange={setMode}
        />
        <WindowLeft conversation={conversation} />
      </div>
      <WhyNot conversation={conversation} mode={mode} />
      {refusal !== null && (
        <Notice tone="danger" icon="alert" urgent>
          {sentenceFor(texts, refusal.code, refusal.message)}
        </Notice>
      )}
      <div className={classes(styles["box"], mode === "note" && styles["note"], locked && styles["locked"])}>
        <textarea
          className={styles["field"]}
          aria-label={words[mode]}
          placeholder={mode === "reply" ? words.replyHint : words.noteHint}
          rows={2}
          maxLength={4096}
          readOnly={locked || attachment?.state === "sending"}
          value={draft}
          onChange={(event) => setDraft(conversation.id, mode, event.target.value)}
          onKeyDown={onKeyDown}
        />
        {attachment !== null && (
          <AttachedFile conversation={conversation.id} attachment={attachment} limits={limits!} />
        )}
        <div className={styles["bottom"]}>
          {limits !== null && <AttachButton conversation={conversation.id} limits={limits} />}
          <span className={styles["keys"]}>{draft === "" ? words.keys : words.draftKept}</span>
          <Button type="submit" small look="primary" disabled={locked || !ready}>
            {mode === "reply" ? words.send : words.keep} <kbd className={styles["kbd"]}>Enter</kbd>
          </Button>
        </div>
      </div>
    </form>
  );
}

const isReady = (attachment: Attachment, limits: NonNullable<Conversation["attach"]>): boolean =>
  attachment.state === "chosen" && !isTooLarge(attachment, limits);

/** The words stay in the draft until the server has them. */
async function sendFile(conversation: string, text: string): Promise<void> {
  if (await attachments.send(conversation, text)) setDraft(conversation, "reply", "");
}

/** How long free text may still be sent. */
function WindowLeft({ conversation }: { conversation: Conversation }) {
  const { composer: words } = useTexts().inbox;
  const now = useNow(30_000);
  const { open, closesAt } = conversation.window;
  if (!open || closesAt === null) return null;
  const at = Date.parse(closesAt);
  return <Chip tone={at - now < 3_600_000 ? "warn" : "wa"}>{words.windowUntil(at)}</Chip>;
}

/** Why a reply cannot be sent, or what sending it will do. */
function WhyNot({ conversation, mode }: { conversation: Conversation; mode: Mode }) {
  const { composer: words } = useTexts().inbox;
  if (mode === "note") return null;
  const { owner, window } = conversation;
  if (owner === "closed")
    return (
      <Notice tone="plain" icon="lock">
        {words.closed}
      </Notice>
    );
  if (conversation.blocked)
    return (
      <Notice tone="danger" icon="lock">
        {words.blocked}
      </Notice>
    );
  if (!window.open) {
    return (
      <Notice tone="danger" icon="lock">
        {window.closesAt === null ? words.windowNone : words.windowClosed}
      </Notice>
    );
  }
  if (owner === "bot")
    return (
      <Notice tone="plain" icon="bot">
        {words.botHas}
      </Notice>
    );
  return null;
}
