/** How many people serve chats, how many chats they may take, and how many customers wait. */
export interface Load {
  slots: number;
  taken: number;
  waiting: number;
}

/** Seconds until one more customer would reach a person: whole rounds of everybody's slots that come before. */
export function chatWait({ slots, taken, waiting }: Load, handlingSeconds: number): number {
  const ahead = waiting + 1 - Math.max(0, slots - taken);
  if (waiting === 0 && slots === 0) return 0;
  return ahead <= 0 ? 0 : Math.ceil((ahead * handlingSeconds) / Math.max(1, slots));
}
