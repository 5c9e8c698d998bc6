import styles from "./Avatar.module.css";

/** The first letters of a name in a circle; decoration beside the name itself. */
export function Avatar({ name }: { name: string }) {
  const letters = name
    .split(/\s+/)
    .map((word) => word.charAt(0))
    .join("")
    .slice(0, 2)
    .toUpperCase();
  return (
    <span className={styles["avatar"]} aria-hidden="true">
      {letters === "" ? "+" : letters}
    </span>
  );
}
