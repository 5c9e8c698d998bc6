const KEYS = /^(Closing|Opening|Removing old closed|Migrating) session|^Closing open session|^Session already/;

/** The encryption library prints whole sessions on the console whenever one is replaced. */
export function muffle(): void {
  for (const name of ["info", "warn"] as const) {
    const say = console[name].bind(console);
    console[name] = (...words: unknown[]) => {
      if (!KEYS.test(String(words[0]))) say(...words);
    };
  }
}
