/** One end of a pair of ports. */
interface Port {
  postMessage(message: unknown): void;
  on(event: "message", listener: (message: Letter) => void): unknown;
}

type Letter =
  | { call: number; name: string; given: unknown[] }
  | { answer: number; value: unknown }
  | { answer: number; failed: string };

type Methods = Record<string, (...given: never[]) => Promise<unknown>>;

/** Calls methods of whoever is at the other end, as if they were here. `lost` rejects everything still unanswered. */
export interface Caller<Theirs> {
  theirs: Theirs;
  lost(why: string): void;
}

/** Serves our methods to the other end and calls theirs. Only plain data may pass. */
export function connect<Theirs extends object>(port: Port, ours: Methods): Caller<Theirs> {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let count = 0;
  let ended: string | null = null;

  async function serve({ call, name, given }: Extract<Letter, { call: number }>) {
    try {
      const value = await ours[name]!(...(given as never[]));
      port.postMessage({ answer: call, value });
    } catch (error) {
      port.postMessage({ answer: call, failed: error instanceof Error ? error.message : String(error) });
    }
  }

  function settle(letter: Exclude<Letter, { call: number }>) {
    const asked = waiting.get(letter.answer);
    waiting.delete(letter.answer);
    if ("failed" in letter) asked?.reject(new Error(letter.failed));
    else asked?.resolve(letter.value);
  }

  port.on("message", (letter) => {
    if ("call" in letter) void serve(letter);
    else settle(letter);
  });

  const ask = (name: string, given: unknown[]) =>
    new Promise((resolve, reject) => {
      if (ended !== null) return reject(new Error(ended));
      const call = ++count;
      waiting.set(call, { resolve, reject });
      port.postMessage({ call, name, given });
    });

  return {
    theirs: new Proxy({} as Theirs, {
      get:
        (_target, name) =>
        (...given: unknown[]) =>
          ask(String(name), given),
    }),
    lost(why) {
      ended = why;
      for (const { reject } of waiting.values()) reject(new Error(why));
      waiting.clear();
    },
  };
}
