import type { ReactNode } from "react";
import styles from "./Message.module.css";

/** A quiet page or pane with one thing to say: the drawing, a title, a sentence, and what to do. */
export function Message({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  return (
    <div className={styles["message"]}>
      <svg
        width="96"
        height="64"
        viewBox="0 0 96 64"
        fill="none"
        strokeWidth="5"
        strokeLinecap="round"
        aria-hidden="true"
      >
        <path className={styles["road"]} d="M8 46h22c18 0 14-28 32-28h26" />
        <path className={styles["blocked"]} d="M36 46h52" strokeDasharray=".1 10" />
        <circle className={styles["from"]} cx="9" cy="46" r="6" strokeWidth="4" />
        <circle className={styles["to"]} cx="87" cy="18" r="6" strokeWidth="4" />
      </svg>
      <h2 className={styles["title"]}>{title}</h2>
      <p className={styles["text"]}>{text}</p>
      {children}
    </div>
  );
}
