import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { canonicalJson, fromUtf8, parseInstant } from '@breakwater/kernel';
import { statementOf } from '@breakwater/proof';
import {
  attestationOf,
  type JobOptions,
  openSandbox,
  type PatchRecord,
  type Progress,
  readRecipe,
  type ValidationRecord,
} from '@breakwater/runner';
import type { Context } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { writeNew } from '../files.ts';
import { need, Stop } from '../stop.ts';
import { bar, type Terminal } from '../terminal.ts';

/**
 * Does one job on a recipe in this machine's sandbox, with progress; the sandbox is closed
 * whatever happens. Ends the command with exit code 3 where there is no sandbox.
 */
export async function inSandbox<T>(
  folder: string,
  given: { readonly cache: string | undefined; readonly context: Context },
  work: (job: JobOptions) => Promise<T>,
): Promise<T> {
  const { terminal, signal, environment } = given.context;
  const recipe = need(await readRecipe(folder));
  const cacheDir = path.resolve(given.cache ?? environment.cacheDirectory);
  await mkdir(cacheDir, { recursive: true, mode: 0o700 });
  terminal.progress('opening the sandbox');
  const sandbox = await openSandbox({ slots: 1 });
  try {
    const { tier, reason } = sandbox.capabilities;
    if (tier === 'refuse') throw noSandbox(reason);
    const onProgress = (progress: Progress) => terminal.progress(progressLine(progress));
    const done = await work({ recipe, sandbox, cacheDir, onProgress, signal });
    // Runs that were cut off are no verdict.
    signal.throwIfAborted();
    return done;
  } finally {
    await sandbox.close();
  }
}

function progressLine({ phase, text, done, total }: Progress): string {
  return total > 0 ? `${bar(done, total)} ${phase}: ${text}` : `${phase}: ${text}`;
}

function noSandbox(got: string): Stop {
  const todo = 'install bubblewrap and allow user namespaces; docs/operate/install.md tells how';
  const refusal = { code: 'sandbox-unavailable', expected: 'a sandbox on this machine', got, todo };
  return new Stop(refusal, exitCodes.noSandbox);
}

/** The sandbox as a line for a person. */
export function sandboxLine({ sandbox }: Pick<ValidationRecord, 'sandbox'>): string {
  return `${sandbox.tier}: ${sandbox.driver} ${sandbox.version}; ${sandbox.reason}`;
}

/** Writes what a record attests as an in-toto statement: unsigned, so it proves nothing alone. */
export async function writeStatement(
  file: string,
  record: ValidationRecord | PatchRecord,
  terminal: Terminal,
): Promise<void> {
  const now = parseInstant(new Date().toISOString());
  const attestation = now === null ? null : attestationOf(record, now);
  if (attestation === null) {
    terminal.say('no statement was written: without builds there is nothing to speak about');
    return;
  }
  await writeNew(file, fromUtf8(canonicalJson(statementOf(attestation))));
  terminal.say(`unsigned statement written to ${file}; a server signs what it ran itself`);
}

/** Numbers of runs by outcome: `3 fired, 1 quiet`. */
export function countOutcomes(runs: readonly { readonly outcome: string }[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of runs) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].map(([outcome, n]) => `${n} ${outcome}`).join(', ') || 'not run';
}
