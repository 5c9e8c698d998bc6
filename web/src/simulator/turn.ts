import type { SimulatorState, TurnName } from "./types.ts";

/** Where on the page the visitor's next move is. */
export type TurnPlace = "phone" | "messenger" | "inside";

export interface Turn {
  /** The stand-ins' word, or `answer` when the caller now waits for a person in the inbox. */
  name: TurnName | "answer";
  place: TurnPlace;
}

const PLACES: Record<TurnName, TurnPlace> = {
  dial: "phone",
  "wait-offer": "phone",
  "press-1": "phone",
  "wait-receipt": "phone",
  stay: "phone",
  write: "messenger",
  tap: "messenger",
  rate: "messenger",
  done: "inside",
  "take-call": "inside",
  "wait-call": "phone",
  "pick-up": "phone",
};

/** Whose move it is. A chat handed over waits for the visitor to play the operator. Pure. */
export function turnOf(state: SimulatorState): Turn {
  const name = state.yourTurn;
  if ((name === "write" || name === "tap") && waitsForOperator(state)) return { name: "answer", place: "inside" };
  return { name, place: PLACES[name] ?? "inside" };
}

function waitsForOperator({ steps }: SimulatorState): boolean {
  const last = steps.findLast((step) =>
    ["chat.handed-over", "chat.assigned", "chat.transferred", "chat.operator-replied", "chat.closed"].includes(
      step.kind,
    ),
  );
  if (last?.kind === "chat.transferred") return last.data["to"] !== "bot";
  return last?.kind === "chat.handed-over" || last?.kind === "chat.assigned";
}
