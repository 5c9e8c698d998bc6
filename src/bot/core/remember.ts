const MOST = 20_000;

/** The same pure function with its answers kept; forgets everything when full, so memory stays flat. */
export function remember<T>(work: (key: string) => T): (key: string) => T {
  const kept = new Map<string, T>();
  return (key) => {
    const known = kept.get(key);
    if (known !== undefined) return known;
    const made = work(key);
    if (kept.size >= MOST) kept.clear();
    kept.set(key, made);
    return made;
  };
}
