/** So long is worked on before others are let through, in milliseconds. */
const breathMs = 20;

/**
 * For long work in steps: to be awaited between any two of them. Once the steps since the last time
 * took `breathMs` together it lets everything else that waits for this process go first; else it
 * costs next to nothing.
 */
export function createBreath(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < breathMs) return;
    await new Promise((resolve) => setImmediate(resolve));
    since = performance.now();
  };
}

/** Carries long work out that can be paused wherever it yields. */
export async function unhurried<T>(work: Generator<undefined, T, undefined>): Promise<T> {
  const breath = createBreath();
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    await breath();
  }
}
