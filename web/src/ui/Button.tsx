import type { ComponentProps } from "react";
import styles from "./Button.module.css";
import { classes } from "./classes.ts";

interface Look {
  look?: "plain" | "primary" | "ghost" | "danger";
  small?: boolean;
}

const lookOf = ({ look = "plain", small = false }: Look): string =>
  classes(styles["button"], look !== "plain" && styles[look], small && styles["small"]);

/** A button. Ink when it is the main thing to do here. */
export function Button({ look, small, className, ...rest }: ComponentProps<"button"> & Look) {
  return (
    <button
      type="button"
      {...rest}
      className={classes(lookOf({ look: look ?? "plain", small: small ?? false }), className)}
    />
  );
}

/** A square button with only a picture; the label is for readers and the tooltip. */
export function IconButton({ label, className, ...rest }: ComponentProps<"button"> & { label: string }) {
  return (
    <button type="button" aria-label={label} title={label} {...rest} className={classes(styles["square"], className)} />
  );
}
