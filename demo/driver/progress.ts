/** One line of progress, with the time since the start. */
export type Tell = (line: string) => void;

/** Tells progress on stdout. */
export function createTell(): Tell {
  const start = performance.now();
  return (line) => {
    const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6);
    process.stdout.write(`${seconds} s  ${line}\n`);
  };
}
