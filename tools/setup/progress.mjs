// @ts-check
/** One line that says what is going on: redrawn with the seconds on a terminal, plain elsewhere. */

/**
 * Shows `what` while `work` runs, on standard error so that a command's output stays clean.
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withProgress(what, work) {
  const began = performance.now();
  const seconds = () => Math.round((performance.now() - began) / 1000);
  const line = (/** @type {string} */ rest) => `breakwater: ${what} … ${rest}`;
  const terminal = process.stderr.isTTY === true;
  if (!terminal) say(`${what} …`);
  const redraw = () => process.stderr.write(`\r\x1b[K${line(`${seconds()} s`)}`);
  const timer = terminal ? setInterval(redraw, 250) : undefined;
  try {
    const result = await work();
    process.stderr.write(`${terminal ? '\r\x1b[K' : ''}${line(`done in ${seconds()} s`)}\n`);
    return result;
  } catch (error) {
    process.stderr.write(`${terminal ? '\r\x1b[K' : ''}${line('failed')}\n`);
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/** @param {string} sentence */
export function say(sentence) {
  process.stderr.write(`breakwater: ${sentence}\n`);
}

/** A failure that is explained by its one sentence alone; no stack is shown. */
export class PlainFailure extends Error {}
