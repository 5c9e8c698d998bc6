/** What happens when, in order of time; a binary heap. */
export interface Agenda {
  readonly now: number;
  after(delay: number, run: () => void): void;
  /** Runs until nothing is planned. */
  run(): void;
}

interface Entry {
  at: number;
  order: number;
  run: () => void;
}

export function createAgenda(start: number): Agenda {
  const heap: Entry[] = [];
  let now = start;
  let order = 0;

  const before = (a: Entry, b: Entry) => a.at < b.at || (a.at === b.at && a.order < b.order);

  function push(entry: Entry) {
    let i = heap.push(entry) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!before(entry, heap[parent]!)) break;
      heap[i] = heap[parent]!;
      i = parent;
    }
    heap[i] = entry;
  }

  function pop(): Entry | undefined {
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || heap.length === 0) return first;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, last)) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = last;
    return first;
  }

  return {
    get now() {
      return now;
    },
    after: (delay, run) => push({ at: now + Math.max(0, delay), order: order++, run }),
    run() {
      for (let entry = pop(); entry; entry = pop()) {
        now = entry.at;
        entry.run();
      }
    },
  };
}
