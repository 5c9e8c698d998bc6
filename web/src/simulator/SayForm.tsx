import { useState, type FormEvent } from "react";
import { useTexts } from "../app/locale.ts";
import { Icon } from "../ui/Icon.tsx";
import styles from "./SayForm.module.css";

/** The microphone: what is typed here is what the caller says. */
export function SayForm({ onSay }: { onSay: (text: string) => void }) {
  const { phone } = useTexts().simulator;
  const [text, setText] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === "") return;
    onSay(text.trim());
    setText("");
  };
  return (
    <form className={styles["form"]} onSubmit={submit}>
      <input
        className={styles["field"]}
        aria-label={phone.sayPlaceholder}
        placeholder={phone.sayPlaceholder}
        value={text}
        maxLength={200}
        autoComplete="off"
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit" className={styles["send"]} aria-label={phone.sayIt} title={phone.sayIt}>
        <Icon name="send" size={15} />
      </button>
    </form>
  );
}
