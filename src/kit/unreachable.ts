/** Marks a branch no value can reach; a forgotten case fails the build here. */
export function unreachable(value: never): never {
  throw new Error(`Unreachable: ${JSON.stringify(value)}`);
}
