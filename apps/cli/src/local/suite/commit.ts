import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { commitmentTo, readSuite, saltBytes, sealSuite } from '@breakwater/benchmark';
import { suiteFolder } from '@breakwater/evaluator/files';
import { z } from 'zod';
import { argument, type Context, type Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { writeNew } from '../../files.ts';
import { Json, optionsOf } from '../../options.ts';
import { need } from '../../stop.ts';

const Options = z.object({ ...Json, sealed: z.string().optional(), public: z.string().optional() });

/** `benchmark commit`: seals every item of a suite; the secret file is safe before the public is. */
export async function runBenchmarkCommit(given: Given, context: Context): Promise<ExitCode> {
  const folder = argument(given, 0);
  const options = optionsOf(Options, given);
  const { sealed: secretFile = sealedBeside(folder), public: publicFile } = options;
  const { suite, items } = need(await readSuite(suiteFolder(folder)));
  const salts = items.map(() => new Uint8Array(randomBytes(saltBytes)));
  const sealed = sealSuite(items, salts);
  const commitment = commitmentTo(sealed);
  const published = publicFile ?? beside(folder, 'commitment');
  await writeNew(secretFile, `${JSON.stringify(sealed)}\n`, 0o600);
  try {
    await writeNew(published, `${JSON.stringify(commitment)}\n`);
  } catch (error) {
    await rm(secretFile); // nothing was published, and what is there would refuse the next try
    throw error;
  }
  const { terminal } = context;
  if (options.json) {
    terminal.json({ ...commitment, sealed: secretFile, public: published });
    return exitCodes.good;
  }
  terminal.line(`suite    ${suite.name} ${suite.version}`);
  terminal.line(`items    ${commitment.count}`);
  terminal.line(`root     ${commitment.root}`);
  terminal.line(`secret   ${secretFile}`);
  terminal.line(`publish  ${published}`);
  terminal.say(`keep ${secretFile} safe and to yourself: without it nothing can be opened`);
  return exitCodes.good;
}

/** Where `commit` puts the secret file of a folder unless it is told otherwise. */
export function sealedBeside(folder: string): string {
  return beside(folder, 'sealed');
}

// Beside and not in it: a suite holds nothing but what is committed.
function beside(folder: string, what: string): string {
  const place = path.resolve(folder);
  return path.join(path.dirname(place), `${path.basename(place)}.${what}.json`);
}
