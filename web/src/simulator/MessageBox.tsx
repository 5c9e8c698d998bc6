import { useState, type FormEvent } from "react";
import { useTexts } from "../app/locale.ts";
import { Icon, type IconName } from "../ui/Icon.tsx";
import styles from "./MessageBox.module.css";
import type { SampleName } from "./types.ts";

interface Props {
  disabled: boolean;
  onSend: (text: string) => void;
  /** Absent where the messenger's stand-in takes words only. */
  onSample?: (name: SampleName) => void;
}

const SAMPLES: [SampleName, IconName][] = [
  ["photo", "picture"],
  ["voice", "mic"],
  ["document", "file"],
];

/** Where the caller writes, or sends a picture, a voice note or a document. */
export function MessageBox({ disabled, onSend, onSample }: Props) {
  const { messenger: words } = useTexts().simulator;
  const [text, setText] = useState("");
  const [choosing, setChoosing] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === "" || disabled) return;
    onSend(text.trim());
    setText("");
  };
  const pick = (name: SampleName) => {
    setChoosing(false);
    onSample?.(name);
  };
  return (
    <form className={styles["form"]} onSubmit={submit}>
      {choosing && (
        <div className={styles["samples"]} role="group" aria-label={words.attach}>
          {SAMPLES.map(([name, icon]) => (
            <button key={name} type="button" className={styles["sample"]} onClick={() => pick(name)}>
              <Icon name={icon} size={15} />
              {words.samples[name]}
            </button>
          ))}
        </div>
      )}
      {onSample && (
        <button
          type="button"
          className={styles["attach"]}
          aria-label={words.attach}
          title={words.attach}
          aria-expanded={choosing}
          disabled={disabled}
          onClick={() => setChoosing(!choosing)}
        >
          <Icon name="clip" />
        </button>
      )}
      <input
        className={styles["field"]}
        aria-label={words.field}
        placeholder={words.placeholder}
        value={text}
        maxLength={4096}
        autoComplete="off"
        disabled={disabled}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit" className={styles["send"]} aria-label={words.send} title={words.send} disabled={disabled}>
        <Icon name="send" />
      </button>
    </form>
  );
}
