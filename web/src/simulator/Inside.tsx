import { useState } from "react";
import { useTexts } from "../app/locale.ts";
import { Tabs } from "../ui/Tabs.tsx";
import { Break } from "./Break.tsx";
import { Column } from "./Column.tsx";
import { type Run } from "./commands.ts";
import { DatabaseView } from "./DatabaseView.tsx";
import { HttpView } from "./HttpView.tsx";
import styles from "./Inside.module.css";
import { StepsView } from "./StepsView.tsx";
import { TurnLine } from "./TurnLine.tsx";
import type { SimulatorState } from "./types.ts";

type View = "steps" | "http" | "database";

const VIEWS: View[] = ["steps", "http", "database"];

interface Props {
  state: SimulatorState;
  /** False where the page shows the turn elsewhere. */
  withTurn: boolean;
  run: Run;
}

/** What the real server did about this caller: its decisions, its requests, its rows. */
export function Inside({ state, withTurn, run }: Props) {
  const { inside: words } = useTexts().simulator;
  const [view, setView] = useState<View>("steps");
  const tabs = VIEWS.map((value) => ({ value, text: words.tabs[value] }));
  return (
    <Tabs label={words.title} tabs={tabs} value={view} onChange={setView}>
      {(bar, panel) => (
        <Column title={words.title} aside={bar}>
          <div className={styles["card"]}>
            <div {...panel} className={styles["panel"]}>
              {view === "steps" && <StepsView steps={state.steps} />}
              {view === "http" && <HttpView exchanges={state.http} />}
              {view === "database" && <DatabaseView tables={state.database} />}
            </div>
            {withTurn && <TurnLine state={state} />}
            <Break state={state} run={run} />
          </div>
        </Column>
      )}
    </Tabs>
  );
}
