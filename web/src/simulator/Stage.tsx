import { useState } from "react";
import { useTexts } from "../app/locale.ts";
import { classes } from "../ui/classes.ts";
import { Tabs } from "../ui/Tabs.tsx";
import { type Run } from "./commands.ts";
import { Inside } from "./Inside.tsx";
import { Messenger } from "./Messenger.tsx";
import { Phone } from "./Phone.tsx";
import styles from "./Stage.module.css";
import { turnOf, type TurnPlace } from "./turn.ts";
import type { SimulatorState } from "./types.ts";
import type { Speech } from "./useSpeech.ts";

interface Props {
  state: SimulatorState;
  narrow: boolean;
  /** False where the page shows the turn above. */
  withTurn: boolean;
  speech: Speech;
  run: Run;
}

const PLACES: TurnPlace[] = ["phone", "messenger", "inside"];

/** Phone, messenger and inside view: side by side, or one at a time on a phone. */
export function Stage({ state, narrow, withTurn, speech, run }: Props) {
  if (narrow) return <OneAtATime state={state} speech={speech} run={run} />;
  return (
    <div className={styles["stage"]}>
      <Phone state={state} speech={speech} run={run} />
      <Messenger state={state} run={run} />
      <Inside state={state} withTurn={withTurn} run={run} />
    </div>
  );
}

function OneAtATime({ state, speech, run }: Omit<Props, "narrow" | "withTurn">) {
  const { parts } = useTexts().simulator;
  const [place, setPlace] = useState<TurnPlace>("phone");
  const turn = turnOf(state).place;
  const tabs = PLACES.map((value) => ({
    value,
    text: parts[value],
    mark: value === turn && value !== place ? parts.hereNow : undefined,
  }));
  return (
    <Tabs label={parts.label} tabs={tabs} value={place} onChange={setPlace} wide>
      {(bar, panel) => (
        <div className={classes(styles["narrow"], place === "inside" && styles["tall"])}>
          {bar}
          <div {...panel} className={styles["panel"]}>
            {place === "phone" && <Phone state={state} speech={speech} run={run} />}
            {place === "messenger" && <Messenger state={state} run={run} />}
            {place === "inside" && <Inside state={state} withTurn={false} run={run} />}
          </div>
        </div>
      )}
    </Tabs>
  );
}
