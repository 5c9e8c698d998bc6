import { useTexts } from "../app/locale.ts";
import { commands, type Run } from "./commands.ts";
import { Screen, SystemLine } from "./Screen.tsx";
import styles from "./Messenger.module.css";
import type { SimulatorState } from "./types.ts";

/** The caller's Telegram: a bot is silent until somebody presses Start. */
export function TelegramScreen({ state, run }: { state: SimulatorState; run: Run }) {
  const { telegram: words, typing } = useTexts().simulator.messenger;
  const { telegram } = state;
  const isOpen = telegram.started && !telegram.blocked;
  return (
    <Screen
      app="telegram"
      name={telegram.bot}
      about={telegram.typing ? typing : words.bot}
      messages={telegram.messages}
      lang={state.locale}
      disabled={!isOpen}
      onTap={(choice) => run(commands.tap("telegram", choice))}
      onSend={(text) => run(commands.write("telegram", text))}
      foot={<Foot state={state} run={run} />}
    >
      {!telegram.started && <SystemLine>{telegram.hasLink ? words.withLink : words.empty}</SystemLine>}
    </Screen>
  );
}

/** What stands under a chat with a bot: Start, the button that shares the number, the way to block it and back. */
function Foot({ state, run }: { state: SimulatorState; run: Run }) {
  const { telegram: words } = useTexts().simulator.messenger;
  const { started, blocked, asksContact } = state.telegram;
  if (!started) return <Act text={words.start} onPress={() => run(commands.inTelegram("start"))} strong />;
  if (blocked) return <Act text={words.restart} onPress={() => run(commands.inTelegram("start"))} strong />;
  return (
    <>
      {asksContact !== null && (
        <Act text={asksContact} onPress={() => run(commands.inTelegram("share-contact"))} strong />
      )}
      <Act text={words.block} onPress={() => run(commands.inTelegram("block"))} />
    </>
  );
}

function Act({ text, onPress, strong = false }: { text: string; onPress: () => void; strong?: boolean }) {
  return (
    <button type="button" className={styles[strong ? "act" : "quiet"]} onClick={onPress}>
      {text}
    </button>
  );
}
