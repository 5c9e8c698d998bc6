import { useState } from "react";
import { useTexts } from "../app/locale.ts";
import { ChannelMark } from "../ui/Icon.tsx";
import { Tabs } from "../ui/Tabs.tsx";
import { Column, Device } from "./Column.tsx";
import { type Run } from "./commands.ts";
import styles from "./Messenger.module.css";
import { TelegramScreen } from "./TelegramScreen.tsx";
import type { App, SimulatorState } from "./types.ts";
import { WhatsAppScreen } from "./WhatsAppScreen.tsx";

/** The messengers on the caller's phone, one at a time: the same messages the real ones would show. */
export function Messenger({ state, run }: { state: SimulatorState; run: Run }) {
  const { messenger: words } = useTexts().simulator;
  const [app, setApp] = useState<App>("whatsapp");
  const tabs = (["whatsapp", "telegram"] as const).map((value) => ({
    value,
    text: words.apps[value],
    icon: <ChannelMark channel={value} />,
  }));
  return (
    <Tabs label={words.which} tabs={tabs} value={app} onChange={setApp}>
      {(bar, panel) => (
        <Column title={words.title} aside={bar}>
          <Device>
            <div {...panel} className={styles["panel"]}>
              {app === "whatsapp" ? (
                <WhatsAppScreen state={state} run={run} />
              ) : (
                <TelegramScreen state={state} run={run} />
              )}
            </div>
          </Device>
        </Column>
      )}
    </Tabs>
  );
}
