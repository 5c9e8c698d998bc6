/** What a tap on a button carries: a choice, and for invites the token of the call it came from. */
export interface Payload {
  choice: string;
  token: string | null;
}

/** The payload of an invite's button: `<choice>|<token>`. */
export const invitePayload = (choice: string, token: string): string => `${choice}|${token}`;

/** Reads a tapped id; ids without a token are choices as they are. */
export function readPayload(id: string): Payload {
  const bar = id.lastIndexOf("|");
  if (bar < 0) return { choice: id, token: null };
  return { choice: id.slice(0, bar), token: id.slice(bar + 1) || null };
}
