import { useState } from "react";
import { api } from "../api/client.ts";
import type { MessageFile } from "../api/types.ts";
import { sentenceFor, useLocale, useTexts } from "../app/locale.ts";
import { unreachable } from "../app/unreachable.ts";
import { fileSize } from "../i18n/format.ts";
import { Button } from "../ui/Button.tsx";
import { Icon } from "../ui/Icon.tsx";
import styles from "./FileView.module.css";

interface Props {
  file: MessageFile;
  conversation: string;
}

const addressOf = ({ id }: MessageFile): string => `/media/${encodeURIComponent(id)}`;

/** What stands in a message for its file: the file itself, or why it is not here. */
export function FileView({ file, conversation }: Props) {
  const { file: words } = useTexts().inbox.thread;
  switch (file.at) {
    case "stored":
      return <Stored file={file} />;
    case "wanted":
    case "fetching":
      return file.nextTryAt === null ? (
        <Placeholder file={file} sentence={words.coming} />
      ) : (
        <Placeholder file={file} sentence={words.delayed(Date.parse(file.nextTryAt))} retry={conversation} />
      );
    case "failed":
      return (
        <Placeholder file={file} sentence={file.because ? words.because[file.because] : ""} retry={conversation} />
      );
    case "expired":
      return <Placeholder file={file} sentence={words.expired} />;
    default:
      return unreachable(file.at);
  }
}

function Stored({ file }: { file: MessageFile }) {
  const { file: words } = useTexts().inbox.thread;
  const name = file.fileName ?? words.kinds[file.kind];
  const address = addressOf(file);
  if (!file.showable) return <Document file={file} name={name} />;
  switch (file.kind) {
    case "image":
    case "sticker":
      return (
        <a className={styles["picture"]} href={address} target="_blank" rel="noreferrer" aria-label={words.open(name)}>
          <img src={address} alt={file.caption || name} loading="lazy" decoding="async" />
        </a>
      );
    case "audio":
    case "voice":
      return <audio className={styles["sound"]} controls preload="none" src={address} aria-label={name} />;
    case "video":
      return <video className={styles["film"]} controls preload="metadata" src={address} aria-label={name} />;
    default:
      return <Document file={file} name={name} />;
  }
}

/** Saved and never shown: what is in it stays out of this page. */
function Document({ file, name }: { file: MessageFile; name: string }) {
  const { file: words } = useTexts().inbox.thread;
  const locale = useLocale();
  return (
    <a
      className={styles["document"]}
      href={addressOf(file)}
      download={file.fileName ?? true}
      aria-label={words.save(name)}
    >
      <Icon name="file" size={20} />
      <span className={styles["name"]}>{name}</span>
      {file.size !== null && <span className={styles["size"]}>{fileSize(locale, file.size)}</span>}
    </a>
  );
}

/** What the file would be, why it is not here, and the wish for another try. */
function Placeholder({ file, sentence, retry }: { file: MessageFile; sentence: string; retry?: string }) {
  const texts = useTexts();
  const { file: words } = texts.inbox.thread;
  const [told, setTold] = useState<string | null>(null);
  const again = () => {
    api.fetchFile(retry ?? "", file.id).then(
      () => setTold(words.askedAgain),
      (error: { code?: string; message?: string }) =>
        setTold(sentenceFor(texts, error.code ?? "unknown", error.message ?? "")),
    );
  };
  return (
    <div className={styles["placeholder"]}>
      <Icon name={file.at === "failed" || file.at === "expired" ? "alert" : "clock"} size={18} />
      <span>
        {words.kinds[file.kind]}
        {file.fileName === null ? "" : ` ${file.fileName}`}. {sentence} {told}
      </span>
      {retry !== undefined && (
        <Button small onClick={again}>
          <Icon name="again" size={13} />
          {words.again}
        </Button>
      )}
    </div>
  );
}
