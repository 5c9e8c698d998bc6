import { useRef, type ChangeEvent } from "react";
import type { Conversation } from "../api/types.ts";
import { sentenceFor, useLocale, useTexts } from "../app/locale.ts";
import { fileSize } from "../i18n/format.ts";
import { IconButton } from "../ui/Button.tsx";
import { Icon } from "../ui/Icon.tsx";
import { Notice } from "../ui/Notice.tsx";
import styles from "./AttachBar.module.css";
import { attachments, type Attachment } from "./attachments.ts";

type Limits = NonNullable<Conversation["attach"]>;

/** Chooses a file of the kinds this messenger carries. */
export function AttachButton({ conversation, limits }: { conversation: string; limits: Limits }) {
  const { composer: words } = useTexts().inbox;
  const input = useRef<HTMLInputElement>(null);
  const choose = ({ target }: ChangeEvent<HTMLInputElement>) => {
    const [file] = target.files ?? [];
    if (file) attachments.choose(conversation, file);
    // The same file may be chosen again after it was taken away.
    target.value = "";
  };
  return (
    <>
      <input
        ref={input}
        className="hidden"
        type="file"
        tabIndex={-1}
        aria-hidden="true"
        accept={limits.types.map((type) => type.split(";")[0]).join(",")}
        onChange={choose}
      />
      <IconButton label={words.attach} onClick={() => input.current?.click()}>
        <Icon name="clip" />
      </IconButton>
    </>
  );
}

/** The file that was chosen, and what stands in its way. */
export function AttachedFile({
  conversation,
  attachment,
  limits,
}: {
  conversation: string;
  attachment: Attachment;
  limits: Limits;
}) {
  const texts = useTexts();
  const locale = useLocale();
  const { composer: words } = texts.inbox;
  const { file, state, problem } = attachment;
  return (
    <>
      {isTooLarge(attachment, limits) && (
        <Notice tone="danger" icon="alert" urgent>
          {words.tooLarge(fileSize(locale, limits.mostBytes))}
        </Notice>
      )}
      {problem !== null && (
        <Notice tone="danger" icon="alert" urgent>
          {sentenceFor(texts, problem.code, problem.message)}
        </Notice>
      )}
      <div className={styles["file"]} role="status">
        <Icon name="file" size={15} />
        <span className={styles["name"]}>
          {state === "sending" ? words.sendingFile : words.attached(file.name, fileSize(locale, file.size))}
        </span>
        {state === "chosen" && (
          <IconButton label={words.detach} onClick={() => attachments.drop(conversation)}>
            <Icon name="cross" size={13} />
          </IconButton>
        )}
      </div>
    </>
  );
}

/** True when the server would refuse the file for its size. */
export const isTooLarge = ({ file }: Attachment, { mostBytes }: Limits): boolean => file.size > mostBytes;
