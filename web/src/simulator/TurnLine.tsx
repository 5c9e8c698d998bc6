import { useTexts } from "../app/locale.ts";
import styles from "./TurnLine.module.css";
import { turnOf } from "./turn.ts";
import type { SimulatorState } from "./types.ts";

/** The one highlighted line that says what to do next. */
export function TurnLine({ state }: { state: SimulatorState }) {
  const { turn } = useTexts().simulator;
  return (
    <div className={styles["turn"]} role="status">
      <span className={styles["node"]} />
      <div>
        <div className={styles["title"]}>{turn.title}</div>
        <div className={styles["words"]}>{turn.words(turnOf(state))}</div>
      </div>
    </div>
  );
}
