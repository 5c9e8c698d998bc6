import type { ReactNode } from "react";
import styles from "./Chip.module.css";
import { classes } from "./classes.ts";

/** A small label. */
export function Chip({
  tone = "plain",
  children,
}: {
  tone?: "plain" | "line" | "wa" | "tg" | "bot" | "warn" | "danger";
  children: ReactNode;
}) {
  return <span className={classes(styles["chip"], styles[tone])}>{children}</span>;
}
