const LOOK_EVERY = 10;
const PATIENCE = 20_000;

/** Waits for something outside of our clock: a real socket, a thread, another process. Fails with words. */
export async function eventually(what: string, happened: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + PATIENCE;
  while (!(await happened())) {
    if (performance.now() > end) throw new Error(`Waited in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
  }
}
