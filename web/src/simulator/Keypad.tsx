import { useTexts } from "../app/locale.ts";
import { classes } from "../ui/classes.ts";
import styles from "./Keypad.module.css";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];

interface Props {
  /** The key the visitor is asked to press. */
  hot: string | null;
  disabled: boolean;
  onPress: (key: string) => void;
}

/** The dial pad. */
export function Keypad({ hot, disabled, onPress }: Props) {
  const { phone } = useTexts().simulator;
  return (
    <div className={styles["pad"]} role="group" aria-label={phone.keypad}>
      {KEYS.map((key) => (
        <button
          key={key}
          type="button"
          aria-label={phone.key(key)}
          disabled={disabled}
          className={classes(styles["key"], key === hot && styles["hot"])}
          onClick={() => onPress(key)}
        >
          {key}
        </button>
      ))}
    </div>
  );
}
