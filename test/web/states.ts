import type { LoggedStep, SimulatorState } from "../../web/src/simulator/types.ts";

/** A log entry; entries made one after another are a second apart. */
export const logged = (kind: string, data: Record<string, unknown> = {}, at = 0): LoggedStep => ({
  id: `${kind} ${at}`,
  at,
  kind,
  leg: "voice",
  data,
});

/** A log of these kinds, a second apart. */
export const logOf = (...kinds: string[]): LoggedStep[] => kinds.map((kind, index) => logged(kind, {}, index * 1000));

/** A simulator at rest, with what the test is about. */
export function simulator({
  phone,
  ...rest
}: Partial<Omit<SimulatorState, "phone">> & { phone?: Partial<SimulatorState["phone"]> } = {}): SimulatorState {
  return {
    scenario: "peak",
    locale: "en",
    speed: 1,
    faults: [],
    phone: {
      state: "idle",
      number: "+79000000142",
      incoming: false,
      startedAt: null,
      endedAt: null,
      endedBy: null,
      place: null,
      lines: [],
      listening: false,
      onHold: false,
      talkingTo: null,
      ...phone,
    },
    messenger: { available: true, business: "Kubik & Co", typing: false, messages: [] },
    telegram: {
      bot: "Kubik & Co",
      typing: false,
      started: false,
      blocked: false,
      hasLink: false,
      asksContact: null,
      messages: [],
    },
    steps: [],
    http: [],
    database: [],
    conversationId: null,
    yourTurn: "dial",
    ...rest,
  };
}
