import type { ReactNode } from "react";
import styles from "./Column.module.css";

interface Props {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
}

/** One of the three parts of the page with its caption. */
export function Column({ title, aside, children }: Props) {
  return (
    <section className={styles["column"]} aria-label={title}>
      <div className={styles["caption"]}>
        <h2 className={styles["title"]}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

/** The black frame of a phone around a screen. */
export const Device = ({ children }: { children: ReactNode }) => <div className={styles["device"]}>{children}</div>;
