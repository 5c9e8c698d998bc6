import type { ReactNode } from "react";
import { classes } from "./classes.ts";
import { Icon, type IconName } from "./Icon.tsx";
import styles from "./Notice.module.css";

interface Props {
  tone: "warn" | "danger" | "ok" | "note" | "plain";
  icon: IconName;
  /** Interrupts a reader when set: only for what just went wrong. */
  urgent?: boolean;
  children: ReactNode;
}

/** One sentence in a coloured band: what happened and what to do. */
export function Notice({ tone, icon, urgent = false, children }: Props) {
  return (
    <div className={classes(styles["notice"], styles[tone])} role={urgent ? "alert" : "status"}>
      <Icon name={icon} size={15} />
      <span className={styles["words"]}>{children}</span>
    </div>
  );
}
