import type { ConversationId, Instant, Locale, OperatorId } from "#kit";

/** A customer who waits for a person. */
export interface Waiting {
  conversationId: ConversationId;
  locale: Locale;
  /** Who spoke with this customer last. */
  lastOperator: OperatorId | null;
}

/** An operator who may get chats. */
export interface Candidate {
  id: OperatorId;
  languages: Locale[];
  capacity: number;
  /** Chats that count: those whose customer was not silent for long. */
  load: number;
  openChats: number;
  /** Customers of theirs who wait for a reply. */
  unanswered: number;
  lastAssignedAt: Instant | null;
}

type AssignReason = "last-operator" | "fewest-unanswered" | "other-language";

export interface Assignment {
  conversationId: ConversationId;
  operatorId: OperatorId;
  reason: AssignReason;
}

/**
 * Who gets whom, first come first served. Whoever spoke with the customer last is asked first; otherwise the operator
 * with the fewest customers waiting, then the fewest chats, then the longest pause: simulated with ten
 * operators, first replies come 38 % sooner than by taking turns (docs/chat.md). Another language is better than nobody. Nobody gets more than
 * their capacity.
 */
export function assign(queue: Waiting[], candidates: Candidate[]): Assignment[] {
  const people = new Map(candidates.map((candidate) => [candidate.id, { ...candidate }]));
  const made: Assignment[] = [];
  for (const waiting of queue) {
    const free = [...people.values()].filter(({ load, capacity }) => load < capacity);
    if (free.length === 0) break;
    const { operator, reason } = choose(waiting, free);
    operator.load += 1;
    operator.openChats += 1;
    operator.unanswered += 1;
    made.push({ conversationId: waiting.conversationId, operatorId: operator.id, reason });
  }
  return made;
}

function choose({ lastOperator, locale }: Waiting, free: Candidate[]): { operator: Candidate; reason: AssignReason } {
  const last = free.find(({ id }) => id === lastOperator);
  if (last) return { operator: last, reason: "last-operator" };
  const speaking = free.filter(({ languages }) => languages.includes(locale));
  if (speaking.length > 0) return { operator: speaking.reduce(better), reason: "fewest-unanswered" };
  return { operator: free.reduce(better), reason: "other-language" };
}

const better = (a: Candidate, b: Candidate): Candidate => (compare(a, b) <= 0 ? a : b);

const compare = (a: Candidate, b: Candidate): number =>
  a.unanswered - b.unanswered ||
  a.openChats - b.openChats ||
  (a.lastAssignedAt ?? 0) - (b.lastAssignedAt ?? 0) ||
  (a.id < b.id ? -1 : 1);
