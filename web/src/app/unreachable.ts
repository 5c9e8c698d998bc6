/** Makes a forgotten case fail the build, and say so if it comes from outside all the same. */
export function unreachable(value: never): never {
  throw new Error(`Nobody thought of ${JSON.stringify(value)}.`);
}
