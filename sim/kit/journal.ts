import { between } from "#kit";
import type { Cancel, Clock, Instant } from "#kit";

/** One HTTP request, in either direction; `status` and `ms` are null until it was answered. */
export interface JournalEntry {
  id: string;
  at: Instant;
  /** Who asked and who was asked, such as `twilio` and `detour`. */
  from: string;
  to: string;
  method: string;
  /** Path and query. */
  path: string;
  /** The answer's status; stays null when the line broke or nobody answered in time. */
  status: number | null;
  ms: number | null;
  /** The body or form that was sent. */
  params: unknown;
}

/** What passed over the wire, newest last, at most `limit` entries. */
export interface Journal {
  readonly entries: readonly JournalEntry[];
  /** Writes a request down; call the result when it is over, with null when no answer came. */
  open(request: Pick<JournalEntry, "from" | "to" | "method" | "path" | "params">): (status: number | null) => void;
  /** Called when a request begins and again when it is over. */
  onEntry(listener: (entry: JournalEntry) => void): Cancel;
}

export function createJournal(clock: Clock, name: string, limit = 500): Journal {
  const entries: JournalEntry[] = [];
  const listeners = new Set<(entry: JournalEntry) => void>();
  let count = 0;

  const announce = (entry: JournalEntry) => {
    for (const listener of listeners) listener(entry);
  };

  return {
    entries,
    open(request) {
      const entry: JournalEntry = { id: `${name}-${++count}`, at: clock.now(), status: null, ms: null, ...request };
      entries.push(entry);
      if (entries.length > limit) entries.shift();
      announce(entry);
      return (status) => {
        entry.status = status;
        entry.ms = between(entry.at, clock.now());
        announce(entry);
      };
    },
    onEntry(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
