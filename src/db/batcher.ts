/** Collects what comes while a batch is under way into the next one: group commit without waiting. */
export interface Batcher<Item, Result> {
  /** Resolves with this item's own result once its batch is durable; rejects when the batch failed. */
  add(item: Item): Promise<Result>;
}

interface Waiting<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * `run` gets at most `most` items and answers one result for each, in their order.
 * At most `lanes` batches are under way at once; `full` more items may wait, the next is refused at once.
 */
export function createBatcher<Item, Result>(options: {
  run: (items: Item[]) => Promise<Result[]>;
  most: number;
  lanes: number;
  full: number;
  refuse: () => Error;
}): Batcher<Item, Result> {
  const waiting: Waiting<Item, Result>[] = [];
  let underWay = 0;

  /** Begins with the next turn of the event loop: what comes in the same turn shares the first batch. */
  async function flush() {
    underWay++;
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      const batch = waiting.splice(0, options.most);
      try {
        const results = await options.run(batch.map(({ item }) => item));
        batch.forEach(({ resolve }, index) => resolve(results[index]!));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    underWay--;
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        if (waiting.length >= options.full) return reject(options.refuse());
        waiting.push({ item, resolve, reject });
        if (underWay < options.lanes) void flush();
      }),
  };
}
