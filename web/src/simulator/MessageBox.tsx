import { useState, type FormEvent } from "react";
import { useTexts } from "../app/locale.ts";
import { Icon } from "../ui/Icon.tsx";
import styles from "./MessageBox.module.css";

interface Props {
  disabled: boolean;
  onSend: (text: string) => void;
}

/** Where the caller writes. */
export function MessageBox({ disabled, onSend }: Props) {
  const { messenger: words } = useTexts().simulator;
  const [text, setText] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === "" || disabled) return;
    onSend(text.trim());
    setText("");
  };
  return (
    <form className={styles["form"]} onSubmit={submit}>
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
