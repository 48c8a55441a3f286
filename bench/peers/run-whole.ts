import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** How a program ends that found nothing, or something; one that looks for nothing ends with 0. */
export const scanned: readonly number[] = [0, 1, 2];
const giveUpMs = 600_000;

interface Run {
  readonly input?: string;
  /** Exit codes of a program that did what it was asked; 0 alone where not told. */
  readonly ends?: readonly number[];
}

/** Runs a program to its end: what it printed, and how long it took from start to end. */
export async function runWhole(
  command: string,
  words: readonly string[],
  { input = '', ends = [0] }: Run = {},
): Promise<{ readonly out: string; readonly ms: number }> {
  const begun = performance.now();
  const child = spawn(command, words, { stdio: 'pipe', timeout: giveUpMs });
  child.stdin.on('error', () => undefined).end(input); // it may end before it has read all
  const [out, said, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  const ms = performance.now() - begun;
  if (ends.includes(Number(code ?? -1))) return { out, ms };
  throw new Error(`${command} ended with ${code}: ${(said || out).slice(-400)}`);
}
