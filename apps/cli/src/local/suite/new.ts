import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { makeCanary, readSuite } from '@breakwater/benchmark';
import { suiteFolder } from '@breakwater/evaluator/files';
import { z } from 'zod';
import { argument, type Context, type Given } from '../../command.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { notWritten, writeNew } from '../../files.ts';
import { Json, optionsOf } from '../../options.ts';
import { need, Stop } from '../../stop.ts';
import { skeletonFiles } from './skeleton.ts';

const Options = z.object(Json);

/** `benchmark new`: a suite with two tasks that conform and run; whole, or not at all. */
export async function runBenchmarkNew(given: Given, context: Context): Promise<ExitCode> {
  const { json } = optionsOf(Options, given);
  const folder = argument(given, 0);
  const name = path.basename(path.resolve(folder));
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || name.length > 64) {
    throw new Stop({
      code: 'name-malformed',
      expected: 'a folder named with small letters, digits and single hyphens, up to 64',
      got: name,
      todo: 'choose another name; suite.json can give the suite any title',
    });
  }
  const canary = makeCanary(new Uint8Array(randomBytes(16)));
  const token = `bw{${randomBytes(16).toString('hex')}}`;
  await mkdir(path.dirname(folder), { recursive: true }).catch((error: unknown) => {
    throw notWritten(folder, error);
  });
  await mkdir(folder).catch((error: unknown) => {
    throw notWritten(folder, error);
  });
  try {
    for (const { file, text, mode } of skeletonFiles({ name, canary, token })) {
      const place = path.join(folder, file);
      await mkdir(path.dirname(place), { recursive: true });
      await writeNew(place, text, mode);
    }
    const { suite } = need(await readSuite(suiteFolder(folder)));
    if (json) context.terminal.json({ folder, suite });
    else context.terminal.line(`made ${folder} with the tasks ${suite.tasks.join(', ')}`);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return exitCodes.good;
}
