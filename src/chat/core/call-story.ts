import type { CallId, Instant, Json } from "#kit";

/** One line of the event log about a call. */
export interface CallEvent {
  kind: string;
  at: Instant;
  data: { [key: string]: Json };
}

/** How the call became a chat, as operators see it. */
export interface CallStory {
  id: CallId;
  placeAtOffer: number | null;
  waitedSeconds: number | null;
  ewtSeconds: number | null;
  acceptedAt: string | null;
  deliveredAt: string | null;
  endedAt: string | null;
  outcome: string | null;
}

/** Facts about the call that travelled with the invite. */
export interface InviteFacts {
  place?: number;
  waitedSeconds?: number;
}

/** Reads the story out of the event log. Pure; what was never recorded is null and never guessed. */
export function tellCall(id: CallId, events: CallEvent[], invite: InviteFacts | null): CallStory {
  const first = (...kinds: string[]) => events.find(({ kind }) => kinds.includes(kind));
  const last = (...kinds: string[]) => events.findLast(({ kind }) => kinds.includes(kind));
  const offer = last("offer.decided")?.data ?? {};
  const ended = last("call.ended");
  return {
    id,
    placeAtOffer: invite?.place ?? numberIn(offer, "place"),
    waitedSeconds: invite?.waitedSeconds ?? null,
    ewtSeconds: numberIn(offer, "waitSeconds"),
    acceptedAt: iso(first("deflection.accepted")),
    deliveredAt: iso(first("invite.delivered", "invite.read")),
    endedAt: iso(ended),
    outcome: last("call.connected")
      ? "talked-to-operator"
      : (last("deflection.committed", "deflection.kept", "deflection.owed", "deflection.caller-left")?.kind.split(
          ".",
        )[1] ?? null),
  };
}

const iso = (event: CallEvent | undefined): string | null => (event ? new Date(event.at).toISOString() : null);

function numberIn(data: CallEvent["data"], name: string): number | null {
  const value = data[name];
  return typeof value === "number" ? value : null;
}
