import { useLocale, useTexts } from "../app/locale.ts";
import { useStickToEnd } from "../app/scroll.ts";
import { timeOfDay } from "../i18n/format.ts";
import { Chip } from "../ui/Chip.tsx";
import { WhatsAppMark } from "../ui/Icon.tsx";
import { Bubble } from "./Bubble.tsx";
import { Column, Device } from "./Column.tsx";
import { commands, type Run } from "./commands.ts";
import { MessageBox } from "./MessageBox.tsx";
import styles from "./Messenger.module.css";
import type { SimulatorState } from "./types.ts";

/** The caller's WhatsApp: the same messages the real one would show, and a box that really sends. */
export function Messenger({ state, run }: { state: SimulatorState; run: Run }) {
  const { messenger: words } = useTexts().simulator;
  const { messenger } = state;
  const mark = (
    <Chip tone="wa">
      <WhatsAppMark />
      WhatsApp
    </Chip>
  );
  return (
    <Column title={words.title} aside={mark}>
      <Device>
        <div className={styles["screen"]}>
          <div className={styles["head"]}>
            <span className={styles["face"]} aria-hidden="true">
              {initials(messenger.business)}
            </span>
            <div className={styles["who"]}>
              <div className={styles["business"]}>{messenger.business}</div>
              <div className={styles["under"]}>{messenger.typing ? words.typing : words.account}</div>
            </div>
          </div>
          <Messages state={state} run={run} />
          <MessageBox
            disabled={!messenger.available}
            onSend={(text) => run(commands.write(text))}
            onSample={(name) => run(commands.sendSample(name))}
          />
        </div>
      </Device>
    </Column>
  );
}

function Messages({ state, run }: { state: SimulatorState; run: Run }) {
  const { messenger: words } = useTexts().simulator;
  const { messages, available } = state.messenger;
  const box = useStickToEnd<HTMLDivElement>(messages.length);
  return (
    <div ref={box} className={styles["messages"]} role="log" aria-label={words.log} lang={state.locale} tabIndex={0}>
      {messages.length === 0 ? (
        <div className={styles["system"]}>{available ? words.empty : words.unavailable}</div>
      ) : (
        <MovedLine state={state} />
      )}
      {messages.map((message) => (
        <Bubble key={message.id} message={message} onTap={(choice) => run(commands.tap(choice))} />
      ))}
    </div>
  );
}

/** When and from which place the caller chose to come here. */
function MovedLine({ state }: { state: SimulatorState }) {
  const { messenger: words } = useTexts().simulator;
  const locale = useLocale();
  const accepted = state.steps.findLast((step) => step.kind === "deflection.accepted");
  if (!accepted) return null;
  const waiting = state.steps.findLast((step) => step.kind === "call.waiting" && step.at <= accepted.at);
  const place = accepted.data["place"] ?? waiting?.data["place"];
  return (
    <div className={styles["system"]}>
      {words.moved(timeOfDay(locale, accepted.at), typeof place === "number" ? place : null)}
    </div>
  );
}

/** `Kubik & Co` becomes `K&C`, a single word its first letter. */
const initials = (name: string): string =>
  name
    .split(/\s+/)
    .map((word) => word.charAt(0))
    .join("")
    .slice(0, 3);
