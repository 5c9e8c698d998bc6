import { useTexts } from "../app/locale.ts";
import { Button } from "../ui/Button.tsx";
import { Icon } from "../ui/Icon.tsx";
import styles from "./Break.module.css";
import { commands, type Run } from "./commands.ts";
import type { FaultName, SimulatorState } from "./types.ts";

/** What a visitor may break, the operator's telephone, and the way to the operator's side of this chat. */
export function Break({ state, run }: { state: SimulatorState; run: Run }) {
  const { inside: words } = useTexts().simulator;
  return (
    <div className={styles["break"]}>
      <div className={styles["row"]}>
        <h3 className={styles["title"]}>{words.breakTitle}</h3>
        <OpenInbox conversation={state.conversationId} />
      </div>
      <div className={styles["switches"]}>
        {(Object.keys(words.faults) as FaultName[]).map((fault) => (
          <Switch
            key={fault}
            text={words.faults[fault]}
            on={state.faults.includes(fault)}
            onChange={(on) => run(commands.setFault(fault, on))}
          />
        ))}
      </div>
      <OperatorPhone state={state} run={run} />
    </div>
  );
}

function Switch({ text, on, onChange }: { text: string; on: boolean; onChange: (on: boolean) => void }) {
  return (
    <button type="button" role="switch" aria-checked={on} className={styles["switch"]} onClick={() => onChange(!on)}>
      <span className={styles["track"]} />
      {text}
    </button>
  );
}

function OpenInbox({ conversation }: { conversation: string | null }) {
  const { inside: words } = useTexts().simulator;
  if (conversation === null) return <span className={styles["none"]}>{words.noChat}</span>;
  return (
    <a
      className={styles["open"]}
      href={`/simulator/api/open-inbox?conversation=${encodeURIComponent(conversation)}`}
      target="_blank"
      rel="noopener"
      title={words.openInboxHint}
    >
      {words.openInbox}
      <span className="hidden">, {words.openInboxHint}</span>
    </a>
  );
}

/** A demo operator on the telephone: the other way a caller's wait may end. */
function OperatorPhone({ state, run }: { state: SimulatorState; run: Run }) {
  const { inside: words } = useTexts().simulator;
  const waits = state.phone.state === "connected" && state.phone.talkingTo === null;
  if (!waits && state.yourTurn !== "take-call") return null;
  return (
    <div>
      <Button
        small
        look={state.yourTurn === "take-call" ? "primary" : "plain"}
        onClick={() => run(commands.takeCall())}
      >
        <Icon name="phone" size={15} />
        {words.takeCall}
      </Button>
    </div>
  );
}
