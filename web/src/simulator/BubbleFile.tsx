import { useLocale, useTexts } from "../app/locale.ts";
import { fileSize } from "../i18n/format.ts";
import { Icon } from "../ui/Icon.tsx";
import styles from "./BubbleFile.module.css";
import type { ChatMessage } from "./types.ts";

interface Props {
  file: NonNullable<ChatMessage["file"]>;
  caption: string;
}

/** A file as it lies on the caller's phone. */
export function BubbleFile({ file, caption }: Props) {
  const { messenger: words } = useTexts().simulator;
  const locale = useLocale();
  const address = `/simulator/api/files/${encodeURIComponent(file.id)}`;
  switch (file.kind) {
    case "image":
    case "sticker":
      return <img className={styles["picture"]} src={address} alt={caption || words.samples.photo} />;
    case "audio":
      return (
        <audio className={styles["sound"]} controls preload="none" src={address} aria-label={words.samples.voice} />
      );
    case "video":
      return <video className={styles["picture"]} controls preload="metadata" src={address} />;
    default:
      return (
        <a className={styles["document"]} href={address} download={file.name ?? true}>
          <Icon name="file" size={18} />
          <span>
            {file.name ?? words.samples.document}, {fileSize(locale, file.size)}
          </span>
        </a>
      );
  }
}
