import { useLocale, useTexts } from "../app/locale.ts";
import { timeOfDay } from "../i18n/format.ts";
import { commands, type Run } from "./commands.ts";
import { Screen, SystemLine } from "./Screen.tsx";
import type { SimulatorState } from "./types.ts";

/** The caller's WhatsApp, with a box that really sends. */
export function WhatsAppScreen({ state, run }: { state: SimulatorState; run: Run }) {
  const { messenger: words } = useTexts().simulator;
  const { available, business, typing, messages } = state.messenger;
  return (
    <Screen
      app="whatsapp"
      name={business}
      about={typing ? words.typing : words.account}
      messages={messages}
      lang={state.locale}
      disabled={!available}
      onTap={(choice) => run(commands.tap("whatsapp", choice))}
      onSend={(text) => run(commands.write("whatsapp", text))}
      onSample={(name) => run(commands.sendSample(name))}
    >
      {messages.length === 0 ? (
        <SystemLine>{available ? words.empty : words.unavailable}</SystemLine>
      ) : (
        <MovedLine state={state} />
      )}
    </Screen>
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
    <SystemLine>{words.moved(timeOfDay(locale, accepted.at), typeof place === "number" ? place : null)}</SystemLine>
  );
}
